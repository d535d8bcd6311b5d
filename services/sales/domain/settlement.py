"""What is paid of what makers are owed, who must agree to it, and when a debt is given up."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.ledger import Fact, Transfer
from shared.contracts.sales.settlement import PayoutLine
from shared.errors import Rejected

RECOVERED_BPS, WHOLE = 5_000, 10_000
"""At most so much of what a maker earned goes into what she owes: she does not work for nothing."""

PEOPLE = 2
"""So many must agree before money moves that no till told of."""

MOST = 1_000
"""Lines of a batch: what is told of it must fit into one event."""


class Earned(NamedTuple):
    """A maker at the moment of freezing.

    `gross`: of pieces that may be paid now and are in no line yet, less what of them came back; of it `remitted` is of
    sales that their outlets have remitted. `debt`: what came back of pieces that had been paid out, less what was
    written off or kept back.
    """

    maker_id: UUID
    gross: int
    debt: int
    remitted: int = 0


Deduct = Callable[[Earned, int], int]
"""How much of what is payable to a maker, after recovery, goes into her loan; 0 for who has none."""


class Paid(NamedTuple):
    """What is paid to whom."""

    maker_id: UUID
    account: int
    amount: int


def keep_all(_: Earned, __: int) -> int:
    """Nobody has a loan."""
    return 0


def draw_lines(earned: Iterable[Earned], deduct: Deduct = keep_all) -> list[PayoutLine]:
    """A line for everybody who earned something, at most MOST."""
    return [_line(maker, deduct) for maker in earned if maker.gross > 0][:MOST]


def _line(maker: Earned, deduct: Deduct) -> PayoutLine:
    recovery = min(maker.debt, maker.gross * RECOVERED_BPS // WHOLE)
    loan = deduct(maker, maker.gross - recovery)
    return PayoutLine(
        maker_id=maker.maker_id,
        gross=maker.gross,
        debt=maker.debt,
        recovery=recovery,
        remitted=maker.remitted,
        loan=loan,
        amount=maker.gross - recovery - loan,
    )


def post_payout(fact: Fact, lines: Sequence[Paid], cooperative: int) -> list[Transfer]:
    """From now on it is owed to the cooperative."""
    return [Transfer(fact.no, "payout", line.account, cooperative, line.amount, fact.day) for line in lines]


def post_write_off(fact: Fact, maker: int, programme: int, amount: int) -> Transfer:
    """The programme bears what the maker owed."""
    return Transfer(fact.no, "write-off", programme, maker, amount, fact.day)


def person(actor: str) -> str:
    """Whose key it is: one name is one person, whatever roles it has keys for."""
    return actor.partition(":")[2] or actor


def check_payout(state: str, *wanted: str) -> None:
    """Raises Rejected when the batch is in another state."""
    if state not in wanted:
        raise Rejected(f"payout_{state}", f"this batch is {state}; it must be {' or '.join(wanted)}")


def check_write_off(state: str) -> None:
    """Raises Rejected when it has been settled."""
    if state != "proposed":
        raise Rejected(f"write_off_{state}", f"this write-off is {state} already")


def check_debt(amount: int, owed: int) -> None:
    """Raises Rejected when more would be written off than is owed: nobody is paid by a write-off."""
    if amount > owed:
        raise Rejected("more_than_owed", f"{owed} is owed now, which is less than {amount}")
