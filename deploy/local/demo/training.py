"""The courses of the demo: planned for three hours, run for up to six, and who was there how long."""

from collections import deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from deploy.local.demo.people import CRAFTS, RUSUN, Person
from deploy.local.demo.timetable import TIMETABLES, Timetable

SEED = 20160101
PLANNED = 180
LONGEST = 360
SESSIONS = 4
REQUIRED_SHARE = 75
ENROLLED = timedelta(days=7)
"""So long before the first session seats are taken."""

WITH_A_PIECE = "sewing"
"""The course that asks for a practical piece."""

LATE_IN, AMENDED = "knitting", "embroidery"
"""Where somebody enrols after the first session, and where a sheet is set right afterwards."""

LEAVING = 2
WENT_HOME = 60
"""Minutes before the end, as the amendment says."""

BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Presence:
    """One maker at one session; without `minutes` she was there all the time."""

    number: int
    status: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """`sheet`: the exceptions. All others who had a seat that day were there to the end."""

    planned_start: datetime
    actual_start: datetime
    actual_minutes: int
    sheet: tuple[Presence, ...]
    amended: tuple[Presence, ...] = ()

    def minutes_of(self, number: int) -> int:
        """As it stands after what was set right."""
        marks = {entry.number: entry for entry in (*self.sheet, *self.amended)}
        mark = marks.get(number)
        if mark is None:
            return self.actual_minutes
        return 0 if mark.status == "absent" else mark.minutes or self.actual_minutes


@dataclass(frozen=True, slots=True)
class Course:
    """A cohort with everything that will happen in it. Who comes after the capacity is full waits.

    `leaving`: who gives up her seat before the first session; `refusing`: who is offered one and does not take it;
    `late`: who enrols after the first session.
    """

    craft: str
    rusun: str
    capacity: int
    applicants: tuple[int, ...]
    timetable: Timetable
    sessions: tuple[Session, ...]
    leaving: tuple[int, ...] = ()
    refusing: tuple[int, ...] = ()
    late: int | None = None

    @property
    def answers(self) -> tuple[tuple[int, ...], ...]:
        """For each seat that was given up: whom it is offered to, one after the other; the last one takes it."""
        return _answers(self.applicants[self.capacity :], self.leaving, self.refusing)

    @property
    def members(self) -> tuple[int, ...]:
        """The makers who have a seat to the end."""
        seated = [number for number in self.applicants[: self.capacity] if number not in self.leaving]
        return (*seated, *[offers[-1] for offers in self.answers])

    @property
    def waiting(self) -> tuple[int, ...]:
        """Those in line for whom no seat became free."""
        asked = {number for offers in self.answers for number in offers}
        return tuple(number for number in self.applicants[self.capacity :] if number not in asked)

    @property
    def ended_on(self) -> date:
        """The day of its last session."""
        return self.sessions[-1].actual_start.date()

    def enrolled_on(self, number: int) -> date:
        """Since when she has her seat, or stands in line."""
        first = self.sessions[0].planned_start.date()
        return first + timedelta(days=1) if number == self.late else first - ENROLLED

    def sessions_of(self, number: int) -> tuple[Session, ...]:
        """Those that are hers: none from before she enrolled."""
        return self.sessions[1:] if number == self.late else self.sessions

    def graduates(self) -> tuple[int, ...]:
        """The makers who were there for enough of the minutes that were really taught while they had a seat."""
        return tuple(number for number in self.members if self._has_enough(number))

    def _has_enough(self, number: int) -> bool:
        hers = self.sessions_of(number)
        taught, attended = sum(s.actual_minutes for s in hers), sum(s.minutes_of(number) for s in hers)
        return attended * 100 >= taught * REQUIRED_SHARE


def courses(people: list[Person]) -> list[Course]:
    """One course for each craft, and the business class, which has fewer seats than applicants."""
    crafts = [_course(c, tuple(p.number for p in people if p.craft == c), capacity=35) for c in CRAFTS]
    everybody = tuple(person.number for person in people if person.number % 5 < 2)
    return [*crafts, _course(BUSINESS, everybody, capacity=20)]


def _course(craft: str, applicants: tuple[int, ...], capacity: int) -> Course:
    chance = Random(f"{SEED} {craft}")  # noqa: S311 the same courses in every run
    seated, line = applicants[:capacity], applicants[capacity:]
    leaving, refusing = (seated[1 : 1 + LEAVING], line[1:2]) if line else ((), ())
    taken = [offers[-1] for offers in _answers(line, leaving, refusing)]
    members = [number for number in seated if number not in leaving] + taken
    dropout, timetable = chance.choice(members), TIMETABLES[craft]
    others = [number for number in members if number != dropout]
    late = others[-1] if craft == LATE_IN else None
    sessions = [_session(start, members, (dropout, late if n == 0 else None), chance)
                for n, start in enumerate(timetable.starts(SESSIONS))]  # fmt: skip
    if craft == AMENDED:
        sessions[0] = _amend(sessions[0], others[0])
    return Course(
        craft=craft,
        rusun=RUSUN[list(TIMETABLES).index(craft) % len(RUSUN)].code,
        capacity=capacity,
        applicants=applicants,
        timetable=timetable,
        sessions=tuple(sessions),
        leaving=leaving,
        refusing=refusing,
        late=late,
    )


def _answers(line: tuple[int, ...], leaving: tuple[int, ...], refusing: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Each seat goes along the line until somebody takes it."""
    queue, found = deque(line), []
    for _ in leaving:
        offers = [queue.popleft()]
        while offers[-1] in refusing:
            offers.append(queue.popleft())
        found.append(tuple(offers))
    return tuple(found)


def _session(start: datetime, members: list[int], away: tuple[int, int | None], chance: Random) -> Session:
    """`away`: who stays away mostly, and who is not enrolled yet."""
    minutes = chance.randrange(PLANNED, LONGEST + 1, 15)
    late = timedelta(minutes=chance.choice((0, 0, 5, 10, 20)))
    dropout, newcomer = away
    marks = [_presence(number, number == dropout, minutes, chance) for number in members]
    sheet = tuple(mark for mark in marks if mark.status != "present" and mark.number != newcomer)
    return Session(start, start + late, minutes, sheet)


def _amend(session: Session, number: int) -> Session:
    """It turns out that she went home earlier than the sheet says."""
    went = Presence(number, "left-early", session.actual_minutes - WENT_HOME)
    return Session(session.planned_start, session.actual_start, session.actual_minutes, session.sheet, (went,))


def _presence(number: int, is_dropout: bool, minutes: int, chance: Random) -> Presence:
    """Most stay to the end; some come late or leave early, by little. One in each course stays away mostly."""
    if is_dropout:
        return Presence(number, "absent") if chance.random() < 0.8 else Presence(number, "left-early", minutes // 4)
    if chance.random() < 0.8:
        return Presence(number, "present")
    status = chance.choice(("late", "left-early"))
    return Presence(number, status, minutes - chance.randrange(5, 35, 5))
