"""Seats that become free, and their offers to those who wait."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.training.domain import courses, seats
from services.training.domain.courses import CohortFacts, EnrolmentState
from services.training.domain.seats import Deed
from services.training.handlers.clashes import list_clashes_of_maker
from services.training.handlers.courses import find_cohort, rank
from services.training.handlers.people import lock_trainee
from services.training.storage import seats as storage
from services.training.storage.cohorts import list_warnings
from services.training.storage.courses import get_taken
from shared.contracts.message import Event
from shared.contracts.training import Enrolment, EnrolmentCancelled, MakerEnrolled, OfferEnded, SeatOffered
from shared.contracts.training.seats import AcceptOffer, CancelEnrolment, RefuseOffer, SeatOffer, Seats, SetCapacity
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.service import Tools

CLOCK = "service:training"
"""Who ends an offer that nobody answered."""


async def cancel_enrolment(command: Received[CancelEnrolment], tx: Tx) -> tuple[Seats, list[Event]]:
    """Her seat, if she had one, is offered to the next in line at once."""
    maker_id = command.data.maker_id
    cohort = await _open_cohort(tx, command.data.cohort_id)
    was = seats.leaving(await storage.get_standing(tx, cohort.cohort_id, maker_id))
    ended = [_ended(cohort, maker_id, "refused")] if was is EnrolmentState.OFFERED else []
    cancelled = _cancelled(cohort, maker_id, was)
    reply, offered = await _leave(tx, cohort, maker_id, Deed(command.now, command.actor, command.data.reason))
    return reply, [*ended, cancelled, *offered]


async def refuse_offer(command: Received[RefuseOffer], tx: Tx) -> tuple[Seats, list[Event]]:
    """It goes to the next in line; she may apply again and stand at the end of it."""
    maker_id = command.data.maker_id
    cohort = await _open_cohort(tx, command.data.cohort_id)
    seats.check_offer(await storage.get_standing(tx, cohort.cohort_id, maker_id), command.now)
    reply, offered = await _leave(tx, cohort, maker_id, Deed(command.now, command.actor))
    return reply, [_ended(cohort, maker_id, "refused"), *offered]


async def accept_offer(command: Received[AcceptOffer], tx: Tx) -> tuple[Enrolment, list[Event]]:
    """The seat that was held for her is hers."""
    maker_id = command.data.maker_id
    cohort = await _open_cohort(tx, command.data.cohort_id)
    since = courses.moment_on("since", command.data.since, command.now)
    await lock_trainee(tx, maker_id)
    seats.check_offer(await storage.get_standing(tx, cohort.cohort_id, maker_id), command.now)
    await storage.mark_accepted(tx, cohort.cohort_id, maker_id, since)
    await storage.add_steps(tx, cohort.cohort_id, [maker_id], Deed(command.now, command.actor))
    enrolment = Enrolment(
        cohort_id=cohort.cohort_id,
        maker_id=maker_id,
        state=EnrolmentState.ENROLLED,
        position=None,
        clashes=await list_clashes_of_maker(tx, cohort.cohort_id, maker_id),
    )
    enrolled = MakerEnrolled(cohort_id=cohort.cohort_id, maker_id=maker_id, craft=cohort.craft)
    return enrolment, [_ended(cohort, maker_id, "accepted"), enrolled]


async def set_capacity(command: Received[SetCapacity], tx: Tx) -> tuple[Seats, list[Event]]:
    """What is more than before is offered to those who wait."""
    cohort = await _open_cohort(tx, command.data.cohort_id)
    seats.check_capacity(command.data.capacity, await get_taken(tx, cohort.cohort_id))
    await storage.mark_capacity(tx, cohort.cohort_id, command.data.capacity)
    changed = replace(cohort, capacity=command.data.capacity)
    reply, offered = await offer_free_seats(tx, changed, Deed(command.now, command.actor))
    return reply.model_copy(update={"warnings": await list_warnings(tx, cohort.cohort_id)}), offered


async def end_due_offers(tools: Tools) -> bool:
    """Of one cohort; True when there may be another one."""
    return await tools.transact(lambda tx: expire_next(tx, tools.now()))


async def expire_next(tx: Tx, now: datetime) -> tuple[bool, list[Event]]:
    """Ends what was not answered in time in one cohort and offers it to the next, as long as the cohort lasts."""
    cohort = await storage.claim_due_cohort(tx, now)
    if cohort is None:
        return False, []
    expired = await storage.mark_expired(tx, cohort.cohort_id, now)
    await storage.add_steps(tx, cohort.cohort_id, expired, Deed(now, CLOCK))
    ended = [_ended(cohort, maker_id, "expired") for maker_id in expired]
    if cohort.completed_at:
        return bool(expired), ended
    _, offered = await offer_free_seats(tx, cohort, Deed(now, CLOCK))
    return bool(expired), [*ended, *offered]


async def leave_lines(tx: Tx, cohorts: Sequence[CohortFacts], maker_id: UUID, deed: Deed) -> list[Event]:
    """She waits for no seat any more and none is held for her; what was hers goes to the next. They are locked."""
    told: list[Event] = []
    for cohort in cohorts:
        was = await storage.get_standing(tx, cohort.cohort_id, maker_id)
        if was is None or was.state not in seats.HOPING:
            continue
        if was.state is EnrolmentState.OFFERED:
            told.append(_ended(cohort, maker_id, "refused"))
        told.append(_cancelled(cohort, maker_id, was.state))
        _, offered = await _leave(tx, cohort, maker_id, deed)
        told += offered
    return told


async def offer_free_seats(tx: Tx, cohort: CohortFacts, deed: Deed) -> tuple[Seats, list[Event]]:
    """As many offers as there are free seats, to the first in line who still agree to be trained.

    The cohort is locked by whoever asks.
    """
    line = await rank(tx, cohort.cohort_id)
    taken = await get_taken(tx, cohort.cohort_id)
    unwilling = await storage.list_unwilling(tx, line)
    makers = [maker for maker in line if maker not in unwilling][: seats.free_seats(cohort.capacity, taken)]
    expires_at = deed.at + timedelta(seconds=cohort.offer_seconds)
    if makers:
        await storage.mark_offered(tx, cohort.cohort_id, makers, expires_at)
        await storage.add_steps(tx, cohort.cohort_id, makers, deed)
        await storage.mark_positions(tx, cohort.cohort_id, [maker for maker in line if maker not in makers])
    reply = Seats(
        cohort_id=cohort.cohort_id,
        capacity=cohort.capacity,
        enrolled=taken.enrolled,
        offered=taken.offered + len(makers),
        waiting=len(line) - len(makers),
        offers=[SeatOffer(maker_id=maker_id, expires_at=expires_at) for maker_id in makers],
    )
    return reply, [_offered(cohort, maker_id, expires_at) for maker_id in makers]


async def _leave(tx: Tx, cohort: CohortFacts, maker_id: UUID, deed: Deed) -> tuple[Seats, list[Event]]:
    await storage.mark_cancelled(tx, cohort.cohort_id, maker_id)
    await storage.add_steps(tx, cohort.cohort_id, [maker_id], deed)
    return await offer_free_seats(tx, cohort, Deed(deed.at, deed.by))


async def _open_cohort(tx: Tx, cohort_id: UUID) -> CohortFacts:
    cohort = await find_cohort(tx, cohort_id)
    courses.check_open(cohort)
    return cohort


def _offered(cohort: CohortFacts, maker_id: UUID, expires_at: datetime) -> Event:
    return SeatOffered(
        cohort_id=cohort.cohort_id, maker_id=maker_id, craft=cohort.craft, title=cohort.title, expires_at=expires_at
    )


def _cancelled(cohort: CohortFacts, maker_id: UUID, was: EnrolmentState) -> Event:
    said = {"cohort_id": cohort.cohort_id, "maker_id": maker_id, "was": was.value}
    return EnrolmentCancelled.model_validate(said)


def _ended(cohort: CohortFacts, maker_id: UUID, how: Literal["accepted", "refused", "expired"]) -> Event:
    return OfferEnded(cohort_id=cohort.cohort_id, maker_id=maker_id, craft=cohort.craft, title=cohort.title, how=how)
