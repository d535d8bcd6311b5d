"""Claims: opened by a receipt that is not what was sent, settled by a person who knows what became of it."""

from collections.abc import Sequence
from datetime import datetime

from services.sales.domain import claims as domain
from services.sales.domain.claims import Answer, Lost
from services.sales.domain.deliveries import Note
from services.sales.domain.stock import Movement
from services.sales.handlers.movements import move
from services.sales.storage import claims as storage
from services.sales.storage import deliveries, units
from shared.contracts.message import Event
from shared.contracts.sales.goods import Claim, ClaimOpened, ClaimSettled, SettleClaim, Settlement
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received, named_id


async def open_claims(tx: Tx, note: Note, gone: Sequence[Lost], at: datetime) -> list[Event]:
    """One for what is missing and one for what is damaged of each line."""
    opened = [(named_id("claim", note.delivery_id, lost.sku, lost.kind), lost) for lost in gone]
    await storage.add_claims(tx, note, opened, at)
    return [
        ClaimOpened(
            claim_id=claim_id,
            delivery_id=note.delivery_id,
            number=note.number,
            outlet=note.trip.outlet,
            responsible=note.trip.responsible,
            sku=lost.sku,
            kind=lost.kind,
            quantity=lost.quantity,
            serials=lost.serials,
            opened_at=at,
        )
        for claim_id, lost in opened
    ]


async def settle_claim(command: Received[SettleClaim], tx: Tx) -> tuple[Claim, list[Event]]:
    """All that is open of it, or a part. What was found or repaired is put on the shelf it was sent to."""
    told, now = command.data, command.now
    claim = await storage.lock_claim(tx, told.claim_id)
    if claim is None:
        raise NotFound("claim_unknown", "there is no such claim")
    if not claim.left:
        raise Rejected("already_settled", "this claim has been settled")
    answer = domain.answer(claim, told)
    settlement = Settlement(**answer._asdict(), note=told.note, settled_at=now, settled_by=command.actor)
    fact = await storage.add_settlement(tx, claim.no, answer, settlement)
    pieces = await units.lock_units(tx, answer.serials)
    await storage.mark_settled(tx, claim, fact, answer)
    await deliveries.mark_resolved(tx, claim.note.no)
    await units.mark_units(tx, [domain.settle(unit, claim, told.resolution, fact, now) for unit in pieces.values()])
    moved = await move(tx, _found(fact, claim, answer, now), now)
    left = claim.left - answer.quantity
    return await _shown(tx, claim, left), [_settled(claim, answer, left, now), *moved]


def _found(fact: int, claim: domain.Claim, answer: Answer, now: datetime) -> list[Movement]:
    outlet = claim.note.trip.outlet
    if not outlet or not answer.is_back:
        return []
    return [Movement(fact, now, answer.quantity, "received", outlet, claim.sku)]


def _settled(claim: domain.Claim, answer: Answer, left: int, now: datetime) -> ClaimSettled:
    return ClaimSettled(
        claim_id=claim.claim_id,
        delivery_id=claim.note.delivery_id,
        outlet=claim.note.trip.outlet,
        sku=claim.sku,
        kind=claim.kind,
        resolution=answer.resolution,
        quantity=answer.quantity,
        serials=answer.serials,
        left=left,
        settled_at=now,
    )


async def _shown(tx: Tx, claim: domain.Claim, left: int) -> Claim:
    settlements = (await storage.list_settlements(tx, [claim.no]))[claim.no]
    named = await storage.list_claimed_serials(tx, claim)
    return Claim(
        claim_id=claim.claim_id,
        delivery_id=claim.note.delivery_id,
        number=claim.note.number,
        outlet=claim.note.trip.outlet,
        responsible=claim.note.trip.responsible,
        sku=claim.sku,
        kind=claim.kind,
        quantity=claim.quantity,
        left=left,
        serials=named,
        state="open" if left else "settled",
        settlements=settlements,
        opened_at=claim.opened_at,
    )
