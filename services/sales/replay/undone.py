"""Returns that were voided with their receipt: their pieces and amounts are sold again, as the events tell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.sales.domain.originals import Original, TakenBack
from services.sales.domain.undone import Returned, Undone
from services.sales.domain.voids import ReceiptKey
from services.sales.handlers import undone as handler
from services.sales.replay.links import Message
from services.sales.replay.posting import accounts_of, totals_of
from services.sales.storage import originals, replay
from services.sales.storage import undone as storage
from shared.contracts.sales import ItemReturned, ReturnVoided
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_undone(tx: Tx, messages: Sequence[Received[ReturnVoided]]) -> None:
    if not messages:
        return
    told = [message.data for message in messages]
    returned = await storage.get_returned(tx, {event.return_id for event in told})
    receipts = await replay.get_void_numbers(tx, {(event.receipt, event.outlet, event.till) for event in told})
    sales = await originals.lock_originals(tx, {one.sale for one in returned.values()})
    undone = [_undone(event, returned[event.return_id], sales, receipts) for event in told]
    numbers = await storage.add_undone(tx, undone)
    accounts = await accounts_of(
        tx,
        {outlet for event in told for outlet in (event.outlet, event.original_outlet or event.outlet)},
        {share.maker_id for event in told for share in event.shares},
    )
    await handler.book(
        tx,
        [
            (
                numbers[one.returned.no],
                one,
                accounts.parties(
                    event.outlet, event.original_outlet or event.outlet, [share.maker_id for share in event.shares]
                ),
            )
            for event, one in zip(told, undone, strict=True)
            if one.returned.no in numbers
        ],
    )


def _undone(
    event: ReturnVoided, returned: Returned, sales: Mapping[int, Original], receipts: Mapping[ReceiptKey, int]
) -> Undone:
    original, taken = sales[returned.sale], tuple(event.taken)
    original.taken_back = [before - units for before, units in zip(original.taken_back, taken, strict=True)]
    again = TakenBack(original, event.quantity, taken, totals_of(event))
    return Undone(returned, receipts[event.receipt, event.outlet, event.till], event.voided_at, again)


def stretches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """A return of what a void has sold again comes after that void: only then there is something to come back."""
    stretch: list[Message] = []
    again: set[UUID] = set()
    for message in messages:
        event: Any = message.data
        if isinstance(event, ItemReturned) and event.sale_id in again:
            yield stretch
            stretch, again = [], set()
        if isinstance(event, ReturnVoided):
            again.add(event.sale_id)
        stretch.append(message)
    if stretch:
        yield stretch
