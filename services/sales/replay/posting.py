"""From the parties that an event names to their accounts, from its amounts to what is posted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.sales.domain.ledger import Parties
from services.sales.domain.split import Totals
from services.sales.storage.replay import get_accounts
from shared.contracts.sales import ItemReturned, ItemSold, ReturnVoided, SaleVoided
from shared.db import Tx

PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Of all parties of some events."""

    known: Mapping[tuple[str, str], int]

    def parties(self, payer: str, seller: str, makers: Iterable[UUID]) -> Parties:
        """`payer`: the outlet that was given the buyer's money, or gives it back."""
        return Parties(
            receivable=self.known["outlet-receivable", payer],
            commission=self.known["outlet-commission", seller],
            programme=self.known["programme-share", PROGRAMME],
            makers=tuple([self.known["maker-payable", str(maker)] for maker in makers]),
        )


async def accounts_of(tx: Tx, outlets: Iterable[str], makers: Iterable[UUID]) -> Accounts:
    return Accounts(await get_accounts(tx, {PROGRAMME, *outlets, *map(str, makers)}))


def totals_of(event: ItemSold | ItemReturned | SaleVoided | ReturnVoided) -> Totals:
    """As they were booked."""
    makers = tuple([share.amount for share in event.shares])
    return Totals(event.net, event.outlet_share, event.programme_share, makers)
