"""Returns and voids: the pieces and the amounts that their events tell of go back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.sales.domain.calendar import business_day
from services.sales.domain.originals import Original, TakenBack
from services.sales.domain.returns import ReturnedLine
from services.sales.domain.voids import ReceiptKey
from services.sales.handlers import backs
from services.sales.handlers.backs import Back
from services.sales.replay.links import Family, Links, Message, Thing, as_report, at_outlets, of_makers
from services.sales.replay.posting import accounts_of, totals_of
from services.sales.replay.undone import project_undone, stretches
from services.sales.storage import originals, replay, returns, voids
from services.sales.storage.voids import VoidedLine, Voiding
from shared.contracts.outlets import ReturnReported, VoidReported
from shared.contracts.sales import ItemReturned, ReceiptVoided, ReturnVoided, SaleVoided
from shared.db import Tx
from shared.runtime.envelope import Received

Told = ItemReturned | SaleVoided


async def project_taken_back(tx: Tx, messages: Sequence[Message]) -> None:
    """Returns first, and which of them were none: what is left of a line is what its void takes."""
    for stretch in stretches(messages):
        await _project_returns(tx, [message for message in stretch if isinstance(message.data, ItemReturned)])
        await _project_receipts(tx, [message for message in stretch if isinstance(message.data, ReceiptVoided)])
        await project_undone(tx, [message for message in stretch if isinstance(message.data, ReturnVoided)])
        await _project_voids(tx, [message for message in stretch if isinstance(message.data, SaleVoided)])


async def _project_returns(tx: Tx, messages: Sequence[Received[ItemReturned]]) -> None:
    if not messages:
        return
    sales = await _lock_sales(tx, messages)
    lines = [
        (message.data.return_id, _return_report(message), _returned_line(message.data, sales[message.data.sale_id]))
        for message in messages
    ]
    numbers = await returns.add_returns(tx, lines)
    told = [
        (message.data, numbers[return_id], line.back)
        for message, (return_id, _, line) in zip(messages, lines, strict=True)
        if return_id in numbers
    ]
    await _book(tx, messages, [(event, no, back) for event, no, back in told])


def _returned_line(event: ItemReturned, original: Original) -> ReturnedLine:
    taken = tuple(event.taken) or original.take_back(min(event.quantity, original.left)).taken
    if event.taken:
        runs = zip(original.runs, original.taken_back, event.taken, strict=True)
        original.taken_back = [min(run.units, before + now) for run, before, now in runs]
    back = TakenBack(original, event.quantity, taken, totals_of(event))
    return ReturnedLine(business_day(event.returned_at), back)


def _return_report(message: Received[ItemReturned]) -> Received[Any]:
    """What the till said. How it named the sale is not told: it was found."""
    told = message.data
    names = ReturnReported.model_fields.keys() & ItemReturned.model_fields.keys()
    facts = {name: getattr(told, name) for name in names}
    named = {"receipt": told.receipt or str(told.return_id), "original_outlet": None}
    return as_report(message, ReturnReported.model_construct(**facts | named))


async def _project_receipts(tx: Tx, messages: Sequence[Received[ReceiptVoided]]) -> None:
    reports = [as_report(message, VoidReported.model_construct(**dict(message.data))) for message in messages]
    await voids.add_voided_receipts(tx, reports)


async def _project_voids(tx: Tx, messages: Sequence[Received[SaleVoided]]) -> None:
    if not messages:
        return
    sales = await _lock_sales(tx, messages)
    receipts = await replay.get_void_numbers(tx, {_receipt(m.data) for m in messages if m.data.kind == "receipt"})
    lines = [_voided_line(message.data, sales[message.data.sale_id], receipts) for message in messages]
    numbers = await voids.add_voided_lines(tx, lines)
    told = [
        (message.data, numbers[line.back.original.no], line.back)
        for message, line in zip(messages, lines, strict=True)
        if line.back.original.no in numbers
    ]
    await _book(tx, messages, [(event, no, back) for event, no, back in told])


def _voided_line(event: SaleVoided, original: Original, receipts: Mapping[ReceiptKey, int]) -> VoidedLine:
    """All that is left."""
    taken = original.take_back(original.left).taken
    receipt = receipts[_receipt(event)] if event.kind == "receipt" else None
    voiding = Voiding(event.kind, event.voided_at, receipt, reason=event.reason)
    return VoidedLine(TakenBack(original, event.quantity, taken, totals_of(event)), voiding)


async def _lock_sales(tx: Tx, messages: Sequence[Received[Any]]) -> dict[UUID, Original]:
    numbers = await replay.get_sale_numbers(tx, {message.data.sale_id for message in messages})
    locked = await originals.lock_originals(tx, set(numbers.values()))
    return {sale_id: locked[no] for sale_id, no in numbers.items()}


async def _book(tx: Tx, messages: Sequence[Message], told: Sequence[tuple[Told, int, TakenBack]]) -> None:
    """To the accounts of those whom the event names."""
    outlets = {outlet for event, _, _ in told for outlet in (event.outlet, seller_of(event))}
    makers = {share.maker_id for event, _, _ in told for share in event.shares}
    accounts = await accounts_of(tx, outlets, makers)
    facts = []
    for event, no, back in told:
        parties = accounts.parties(event.outlet, seller_of(event), [share.maker_id for share in event.shares])
        kind, at = ("return", event.returned_at) if isinstance(event, ItemReturned) else ("void", event.voided_at)
        undoes = isinstance(event, SaleVoided) and event.put_back
        facts.append(Back(no, kind, at, event.outlet, back, parties, undoes))
    await backs.book(tx, facts, messages[0].now)


def seller_of(event: Told | ReturnVoided) -> str:
    """Whose commission it was."""
    return (event.original_outlet if isinstance(event, ItemReturned | ReturnVoided) else None) or event.outlet


def _receipt(event: SaleVoided | ReceiptVoided | ReturnVoided) -> ReceiptKey:
    return (event.receipt, event.outlet, event.till)


def _undone_needs(event: ReturnVoided) -> list[Thing]:
    makers = of_makers([share.maker_id for share in event.shares])
    return [("return", str(event.return_id)), _void(event), *at_outlets(event.outlet, seller_of(event)), *makers]


def _needs(event: Told) -> list[Thing]:
    receipt = [_void(event)] if isinstance(event, SaleVoided) and event.kind == "receipt" else []
    outlets = at_outlets(event.outlet, seller_of(event))
    return [("sale", str(event.sale_id)), *receipt, *outlets, *of_makers([share.maker_id for share in event.shares])]


def _void(event: SaleVoided | ReceiptVoided | ReturnVoided) -> Thing:
    return ("void", f"{event.outlet}/{event.till}/{event.receipt}")


def _piece(event: Told | ReturnVoided) -> list[str]:
    return [event.serial] if event.serial else []


FAMILY = Family(
    project_taken_back,
    {
        ItemReturned: Links(_needs, lambda event: [("return", str(event.return_id))], _piece),
        ReceiptVoided: Links(gives=lambda event: [_void(event)]),
        SaleVoided: Links(_needs, lambda event: [("line taken back", str(event.sale_id))], _piece),
        ReturnVoided: Links(_undone_needs, lambda event: [("return taken back", str(event.return_id))], _piece),
    },
)
