"""Double entry: what a sale or a return moves between the accounts."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.sales.domain.split import Totals


@dataclass(frozen=True, slots=True)
class Parties:
    """The accounts that a sale touches. `makers` is in the product's order."""

    receivable: int
    commission: int
    programme: int
    makers: tuple[int, ...]


class Fact(NamedTuple):
    """What a posting is made for: its number and its business day in Jakarta."""

    no: int
    day: date


class Transfer(NamedTuple):
    """One row of the ledger: `amount` rupiah, more than 0, from the credit account's side to the debit account's."""

    cause: int
    kind: str
    debit: int
    credit: int
    amount: int
    day: date


def post_sale(fact: Fact, parties: Parties, totals: Totals) -> list[Transfer]:
    """The outlet owes what the buyer paid; it is owed to the outlet, the programme and the makers."""
    return [
        Transfer(fact.no, "sale", parties.receivable, account, amount, fact.day)
        for account, amount in _credits(parties, totals)
    ]


def post_return(fact: Fact, parties: Parties, totals: Totals) -> list[Transfer]:
    """The mirror image of the sale of the same pieces."""
    return [
        Transfer(fact.no, "return", account, parties.receivable, amount, fact.day)
        for account, amount in _credits(parties, totals)
    ]


def _credits(parties: Parties, totals: Totals) -> list[tuple[int, int]]:
    """Nothing is written for a share of nothing."""
    shares = [
        (parties.commission, totals.outlet),
        (parties.programme, totals.programme),
        *zip(parties.makers, totals.makers, strict=True),
    ]
    return [(account, amount) for account, amount in shares if amount]
