"""Double entry: what a sale, a return or a void moves between the accounts."""

from datetime import date
from typing import NamedTuple

from services.sales.domain.split import Totals


class Parties(NamedTuple):
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
    return _post(fact, "sale", parties, totals, back=False)


def post_back(fact: Fact, kind: str, parties: Parties, totals: Totals) -> list[Transfer]:
    """The mirror image of the sale of the same pieces. `kind`: return or void."""
    return _post(fact, kind, parties, totals, back=True)


def post_again(fact: Fact, parties: Parties, totals: Totals) -> list[Transfer]:
    """The mirror image of a return of the same pieces, which its till has voided: they are sold, as before."""
    return _post(fact, "void", parties, totals, back=False)


def _post(fact: Fact, kind: str, parties: Parties, totals: Totals, back: bool) -> list[Transfer]:
    """Nothing is written for a share of nothing; a share below 0 is owed the other way round."""
    posted = []
    for account, share in _shares(parties, totals):
        if share:
            debit, credit = (account, parties.receivable) if (share < 0) != back else (parties.receivable, account)
            posted.append(Transfer(fact.no, kind, debit, credit, abs(share), fact.day))
    return posted


def _shares(parties: Parties, totals: Totals) -> list[tuple[int, int]]:
    return [
        (parties.commission, totals.outlet),
        (parties.programme, totals.programme),
        *zip(parties.makers, totals.makers, strict=True),
    ]
