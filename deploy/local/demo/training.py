"""The courses of the demo: planned for three hours, run for up to six, and who was there how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from deploy.local.demo.people import CRAFTS, RUSUN, Person
from deploy.local.demo.till_data import JAKARTA

SEED = 20160101
PLANNED = 180
LONGEST = 360
SESSIONS = 4
REQUIRED_SHARE = 75
FIRST_SESSION = datetime(2026, 8, 3, 9, tzinfo=JAKARTA)

TRAINERS = {
    "batik": "Ibu Sulastri", "embroidery": "Ibu Hartati", "knitting": "Ibu Maryam", "sewing": "Ibu Suharni",
    "weaving": "Ibu Kusumawati", "newspaper-miniatures": "Bapak Slamet", "business": "Ibu Wulandari",
}  # fmt: skip
TITLES = {
    "batik": "Batik tulis dasar", "embroidery": "Bordir dan sulam", "knitting": "Rajut untuk pasar",
    "sewing": "Menjahit dompet dan tas", "weaving": "Tenun meja", "newspaper-miniatures": "Miniatur kertas koran",
    "business": "Kelas usaha pemula",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Presence:
    """One maker at one session; without `minutes` she was there all the time."""

    number: int
    status: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    planned_start: datetime
    actual_start: datetime
    actual_minutes: int
    sheet: tuple[Presence, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A cohort with everything that will happen in it. Who comes after the capacity is full waits."""

    craft: str
    title: str
    rusun: str
    trainer: str
    capacity: int
    applicants: tuple[int, ...]
    sessions: tuple[Session, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """The makers who got a seat."""
        return self.applicants[: self.capacity]

    def minutes_of(self, number: int) -> int:
        """How long a maker was there, over all sessions."""
        return sum(
            session.actual_minutes if entry.minutes is None else entry.minutes
            for session in self.sessions
            for entry in session.sheet
            if entry.number == number and entry.status != "absent"
        )

    def graduates(self) -> tuple[int, ...]:
        """The makers who were there for enough of the minutes that were really taught."""
        taught = sum(session.actual_minutes for session in self.sessions)
        return tuple(n for n in self.members if self.minutes_of(n) * 100 >= taught * REQUIRED_SHARE)


def courses(people: list[Person]) -> list[Course]:
    """One course for each craft, and the business class, which has fewer seats than applicants."""
    crafts = [_course(c, tuple(p.number for p in people if p.craft == c), capacity=35) for c in CRAFTS]
    everybody = tuple(person.number for person in people if person.number % 5 < 2)
    return [*crafts, _course("business", everybody, capacity=20)]


def _course(craft: str, applicants: tuple[int, ...], capacity: int) -> Course:
    chance = Random(f"{SEED} {craft}")  # noqa: S311 the same courses in every run
    place = list(TITLES).index(craft)
    first = FIRST_SESSION + timedelta(days=place % 5, weeks=place // 5)
    dropout = chance.choice(applicants[:capacity])
    sessions = [_session(first + timedelta(weeks=w), applicants[:capacity], dropout, chance) for w in range(SESSIONS)]
    return Course(
        craft=craft,
        title=TITLES[craft],
        rusun=RUSUN[place % len(RUSUN)].code,
        trainer=TRAINERS[craft],
        capacity=capacity,
        applicants=applicants,
        sessions=tuple(sessions),
    )


def _session(start: datetime, members: tuple[int, ...], dropout: int, chance: Random) -> Session:
    minutes = chance.randrange(PLANNED, LONGEST + 1, 15)
    late = timedelta(minutes=chance.choice((0, 0, 5, 10, 20)))
    sheet = tuple(_presence(number, number == dropout, minutes, chance) for number in members)
    return Session(start, start + late, minutes, sheet)


def _presence(number: int, is_dropout: bool, minutes: int, chance: Random) -> Presence:
    """Most stay to the end; some come late or leave early, by little. One in each course stays away mostly."""
    if is_dropout:
        return Presence(number, "absent") if chance.random() < 0.8 else Presence(number, "left-early", minutes // 4)
    if chance.random() < 0.8:
        return Presence(number, "present")
    status = chance.choice(("late", "left-early"))
    return Presence(number, status, minutes - chance.randrange(5, 35, 5))
