"""What two sessions cannot share at one time: a trainer, a place, a maker. A warning, for a person to weigh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.training.clashes import Clash, Held


@dataclass(frozen=True, slots=True)
class Slot:
    """A session's time as it was or is planned, and who and what it needs; `makers`: those with a seat."""

    session_id: UUID
    cohort_id: UUID
    number: int
    planned_start: datetime
    planned_minutes: int
    starts_at: datetime
    ends_at: datetime
    was_held: bool
    place: str | None
    trainers: frozenset[UUID]
    makers: frozenset[UUID]

    @property
    def planned_end(self) -> datetime:
        return self.planned_start + timedelta(minutes=self.planned_minutes)


def find_clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Of every two that overlap and share something, by time. A session that overran lasts until it really ended."""
    found: list[Clash] = []
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda one: (one.starts_at, one.session_id)):
        running = [one for one in running if one.ends_at > slot.starts_at]
        found += [clash for one in running if (clash := between(one, slot))]
        running.append(slot)
    return found


def between(one: Slot, other: Slot) -> Clash | None:
    """None when they do not overlap, share nothing, or have both been held: that is over. A cohort shares itself."""
    earlier, later = sorted((one, other), key=lambda slot: (slot.starts_at, slot.session_id))
    if later.starts_at >= earlier.ends_at or (one.was_held and other.was_held):
        return None
    place = one.place if one.place == other.place else None
    trainers, makers = one.trainers & other.trainers, one.makers & other.makers
    if not (place or trainers or makers or one.cohort_id == other.cohort_id):
        return None
    return Clash(
        earlier=_told(earlier),
        later=_told(later),
        overrun=not _overlap_by_plan(one, other),
        trainers=sorted(trainers),
        place=place,
        makers=sorted(makers),
    )


def of_cohort(clashes: Iterable[Clash], cohort_id: UUID) -> list[Clash]:
    return [clash for clash in clashes if cohort_id in (clash.earlier.cohort_id, clash.later.cohort_id)]


def of_session(clashes: Iterable[Clash], session_id: UUID) -> list[Clash]:
    return [clash for clash in clashes if session_id in (clash.earlier.session_id, clash.later.session_id)]


def of_maker(clashes: Iterable[Clash], maker_id: UUID) -> list[Clash]:
    """As they concern her: nobody else's are told."""
    alone = {"trainers": [], "place": None, "makers": [maker_id]}
    return [clash.model_copy(update=alone) for clash in clashes if maker_id in clash.makers]


def _overlap_by_plan(one: Slot, other: Slot) -> bool:
    return one.planned_start < other.planned_end and other.planned_start < one.planned_end


def _told(slot: Slot) -> Held:
    return Held(
        session_id=slot.session_id,
        cohort_id=slot.cohort_id,
        number=slot.number,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
