"""Paying a batch: who is tried under which key, and what a result of an attempt means."""

from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.settlement import Paid
from shared.contracts.sales.paying import RowResult
from shared.contracts.sales.rows import RowState, TriedRow
from shared.contracts.sales.settlement import LoanPart
from shared.errors import Invalid, Rejected

KEY_LETTERS = 12
AFTER: Mapping[str, RowState] = {"paid": "paid", "failed": "failed", "unknown": "held"}
"""The state that a result brings an attempt to."""

OPEN = ("pending", "held")
"""The states that a result can change."""


class Attempt(NamedTuple):
    """A row's attempt and what became of it. `account`: the maker's; `number`: the first is 1."""

    key: str
    state: str
    amount: int
    number: int
    maker_id: UUID | None
    lender: str | None
    account: int | None

    def as_row(self) -> TriedRow:
        return TriedRow(maker_id=self.maker_id, lender=self.lender, amount=self.amount, attempt_key=self.key)


class Judged(NamedTuple):
    """A result that does not contradict what is known. `news`: it changes the attempt's state."""

    result: RowResult
    attempt: Attempt
    news: bool


class Accounts(NamedTuple):
    """The cooperative's, through which makers are paid, by lender those of lenders, and the programme's at the bank."""

    cooperative: int
    lenders: Mapping[str, int]
    bank: int


def attempt_key(payout_id: UUID, payee: object, number: int) -> str:
    """The same for the same attempt, whenever it is made; short enough for what banks call a reference."""
    digest = sha256(f"{payout_id}/{payee}/{number}".encode()).digest()
    return "KR" + b32encode(digest).decode()[:KEY_LETTERS]


def draw_rows(payout_id: UUID, lines: Iterable[Paid], loans: Iterable[LoanPart]) -> list[TriedRow]:
    """One for each line, and one for each cooperative that the batch repays loans to."""
    rows = [
        TriedRow(maker_id=line.maker_id, amount=line.amount, attempt_key=attempt_key(payout_id, line.maker_id, 1))
        for line in lines
    ]
    lent: dict[str, int] = {}
    for part in loans:
        lent[part.lender] = lent.get(part.lender, 0) + part.principal + part.service
    return rows + [
        TriedRow(lender=lender, amount=amount, attempt_key=attempt_key(payout_id, lender, 1))
        for lender, amount in sorted(lent.items())
    ]


def judge(results: Sequence[RowResult], names: Sequence[str], attempts: Mapping[str, Attempt]) -> list[Judged]:
    """What is new of these results. Raises Invalid with every fault: then none of them counts.

    `names`: what each result is called where it was told.
    """
    faults: list[dict[str, str]] = []
    judged: list[Judged] = []
    told: dict[str, str] = {}
    for result, name in zip(results, names, strict=True):
        attempt = attempts.get(result.attempt_key)
        fault = "no row of this batch was tried under this key" if attempt is None else _fault(result, attempt, told)
        if attempt is None or fault:
            faults.append({"field": name, "reason": f"{result.attempt_key}: {fault}"})
            continue
        repeated = result.attempt_key in told or AFTER[result.outcome] == attempt.state
        judged.append(Judged(result, attempt, not repeated))
        told[result.attempt_key] = result.outcome
    if faults:
        sentence = "; ".join([f"{one['field']}: {one['reason']}" for one in faults[:3]])
        raise Invalid("results_refused", f"nothing was booked. {sentence}", errors=faults)
    return judged


def _fault(result: RowResult, attempt: Attempt, told: Mapping[str, str]) -> str | None:
    if result.amount is not None and result.amount != attempt.amount:
        return f"its amount is {attempt.amount}, not {result.amount}"
    if told.get(result.attempt_key, result.outcome) != result.outcome:
        return "told twice, differently"
    if attempt.state not in OPEN and attempt.state != AFTER[result.outcome]:
        return f"this attempt is {attempt.state}, for good"
    return None


def draw_retries(payout_id: UUID, wanted: Sequence[object], failed: Mapping[object, Attempt]) -> list[TriedRow]:
    """Their next attempts. Raises Rejected with the first of those that have not failed."""
    others = [payee for payee in wanted if payee not in failed]
    if others or not wanted:
        named = f"{others[0]} and {len(others) - 1} more" if len(others) > 1 else str(others[0] if others else "nobody")
        raise Rejected("row_not_failed", f"only what has failed is tried again: {named} has not failed in this batch")
    rows = [failed[payee] for payee in dict.fromkeys(wanted)]
    return [
        row.as_row().model_copy(
            update={"attempt_key": attempt_key(payout_id, row.maker_id or row.lender, row.number + 1)}
        )
        for row in rows
    ]


def post_paid(fact: Fact, rows: Iterable[Attempt], accounts: Accounts) -> list[Transfer]:
    """What is paid is owed to the cooperative instead of the maker, and then to nobody: it has left the bank."""
    posted: list[Transfer] = []
    for row in rows:
        clearing = accounts.lenders[row.lender] if row.lender else accounts.cooperative
        if row.account is not None:
            posted.append(Transfer(fact.no, "payout", row.account, clearing, row.amount, fact.day))
        posted.append(Transfer(fact.no, "bank", clearing, accounts.bank, row.amount, fact.day))
    return posted
