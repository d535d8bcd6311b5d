"""What outlets remitted, and what that settled: as it was told. Which sales are the oldest is not looked at again."""

from typing import Any
from uuid import UUID

from services.sales.domain import remittances as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.domain.remittances import Purses
from services.sales.handlers.settlement.remittances import open_bank
from services.sales.replay.deliveries import BY
from services.sales.replay.links import Family, Links, Thing, at_outlets, in_turn
from services.sales.storage import ledger
from services.sales.storage.settlement import remittances as storage
from services.sales.storage.settlement import reversals
from services.sales.storage.settlement.remittances import KINDS, NewRemittance, Settled
from shared.contracts.sales.remittances import RemittanceMatched, RemittanceReversed, Reversal, SalesRemitted
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def project_matched(tx: Tx, message: Received[RemittanceMatched]) -> None:
    told = message.data
    facts = {name: getattr(told, name) for name in NewRemittance._fields if name != "by"}
    no = await storage.add_remittance(tx, NewRemittance(**facts, by=BY))
    account = await storage.lock_account(tx, told.outlet)
    assert account is not None  # it was needed
    purses = Purses(await open_bank(tx), account.receivable, account.commission)
    posted = domain.post_remittance(Fact(no, told.received_on), purses, told.amount, told.commission)
    await ledger.add_transfers(tx, posted)


async def project_settled(tx: Tx, message: Received[SalesRemitted]) -> None:
    told, remittance = message.data, await _remittance(tx, message.data.remittance_id)
    settled = [Settled(kind, fact, due) for kind in KINDS for fact, due in getattr(told, kind).items()]
    await storage.add_settled(tx, remittance["no"], told.outlet, settled)


async def project_reversed(tx: Tx, message: Received[RemittanceReversed]) -> None:
    told, remittance = message.data, await _remittance(tx, message.data.remittance_id)
    posted = await reversals.list_posted(tx, remittance)
    await reversals.mark_open(tx, remittance["no"])
    reversal = Reversal(at=told.reversed_at, by=BY, reason="")
    no = await reversals.add_reversal(tx, remittance["no"], reversal)
    await ledger.add_transfers(tx, domain.post_back(Fact(no, business_day(told.reversed_at)), posted))


async def _remittance(tx: Tx, remittance_id: UUID) -> Row:
    row = await storage.get_remittance(tx, remittance_id)
    assert row is not None  # it was needed
    return row


def _entered(event: Any) -> list[Thing]:
    return [("remittance", str(event.remittance_id))]


def _settles(event: SalesRemitted) -> list[Thing]:
    """All that is settled."""
    return [
        *_entered(event),
        *[("sale", str(fact)) for fact in event.sales],
        *[("return", str(fact)) for fact in event.returns],
        *[("line taken back", str(fact)) for fact in event.voids],
        *[("return taken back", str(fact)) for fact in event.return_voids],
    ]


def _in_turn(event: Any) -> list[str]:
    """What one remittance of an outlet has left open, the next may settle: none overtakes another."""
    return [f"remittances of {event.outlet}"]


FAMILY = Family(
    in_turn(
        {
            RemittanceMatched: project_matched,
            SalesRemitted: project_settled,
            RemittanceReversed: project_reversed,
        }
    ),
    {
        RemittanceMatched: Links(lambda event: at_outlets(event.outlet), _entered, _in_turn),
        SalesRemitted: Links(_settles, pieces=_in_turn),
        RemittanceReversed: Links(_entered, pieces=_in_turn),
    },
)
