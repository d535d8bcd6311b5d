"""The funnel out of nothing but what was told: who has reached which step, since when, and where she lives."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.training.domain.calendar import jakarta_day
from shared.contracts.message import Event
from shared.contracts.sales import MakersEarned
from shared.contracts.training import CertificateIssued, MakerMoved, MakerNotCompleted, MakerRegistered
from shared.contracts.training.progress import MakerReachedStep, MakerStepWithdrawn, ProgrammeStepsSet

TELLING: tuple[type[Event], ...] = (
    MakerRegistered,
    MakerMoved,
    CertificateIssued,
    MakerNotCompleted,
    MakerReachedStep,
    MakerStepWithdrawn,
    ProgrammeStepsSet,
    MakersEarned,
)
"""Of all events these."""

EVERYWHERE = "all"


@dataclass(slots=True)
class Told:
    """What was told until now. In any order it comes to the same, but for what takes back what was told before."""

    homes: dict[UUID, dict[date, str]] = field(default_factory=dict)
    registered: dict[UUID, date] = field(default_factory=dict)
    earned: dict[UUID, date] = field(default_factory=dict)
    courses: dict[tuple[UUID, UUID], date] = field(default_factory=dict)
    facts: dict[UUID, tuple[UUID, str, date]] = field(default_factory=dict)
    withdrawn: set[UUID] = field(default_factory=set)
    orders: dict[date, list[str]] = field(default_factory=dict)

    def hear(self, event: Event, at: datetime) -> None:
        """The next one, and when it happened."""
        match event:
            case MakerRegistered():
                self.registered[event.maker_id] = jakarta_day(at)
                self.homes.setdefault(event.maker_id, {}).setdefault(event.since, event.rusun)
            case MakerMoved():
                self.homes.setdefault(event.maker_id, {})[event.since] = event.rusun
            case CertificateIssued() if event.replaces is None:
                self.courses[event.cohort_id, event.maker_id] = event.completed_on or event.issued_on
            case MakerNotCompleted():
                self.courses.pop((event.cohort_id, event.maker_id), None)
            case _:
                self._hear_progress(event)

    def _hear_progress(self, event: Event) -> None:
        match event:
            case MakerReachedStep():
                self.facts[event.fact_id] = (event.maker_id, event.step, event.reached_on)
            case MakerStepWithdrawn():
                self.withdrawn.add(event.fact_id)
            case ProgrammeStepsSet():
                self.orders[event.valid_from] = [step.code for step in event.steps]
            case MakersEarned():
                for maker_id in event.maker_ids:
                    self.earned[maker_id] = min(event.day, self.earned.get(maker_id, event.day))
            case _:
                pass

    def count(self, at: date) -> dict[str, int]:
        """`rusun step month`: makers, of all and of each rusun as they lived on that day."""
        since: dict[tuple[UUID, str], date] = {}
        for maker_id, step, day in self._facts():
            if day <= at:
                since[maker_id, step] = min(day, since.get((maker_id, step), day))
        counts: Counter[str] = Counter()
        for (maker_id, step), day in since.items():
            for rusun in (EVERYWHERE, self._home(maker_id, at)):
                counts[f"{rusun} {step} {day:%Y-%m}"] += 1
        return dict(counts)

    def _facts(self) -> Iterator[tuple[UUID, str, date]]:
        yield from [(maker_id, "registration", day) for maker_id, day in self.registered.items()]
        yield from [(maker_id, "training", day) for (_, maker_id), day in self.courses.items()]
        yield from [(maker_id, "marketing", day) for maker_id, day in self.earned.items()]
        yield from [fact for fact_id, fact in self.facts.items() if fact_id not in self.withdrawn]

    def _home(self, maker_id: UUID, at: date) -> str:
        """Where she lives on that day, or first lives when that is later."""
        homes = self.homes[maker_id]
        return homes[max([since for since in homes if since <= at], default=min(homes))]
