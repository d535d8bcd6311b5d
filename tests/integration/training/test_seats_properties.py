"""Whatever coordinators and makers do in whatever order: the waiting line keeps its promises."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.message import Event
from shared.contracts.training import Cohort, MakerEnrolled, OfferEnded, SeatOffered
from shared.db import Pool
from shared.errors import KaryaError
from tests.integration.training.builders import NOON, Database, enrol, look_at, open_cohort, register, register_rusun
from tests.integration.training.school import accept, cancel, expire, refuse, set_capacity

MAKERS = 7
KINDS = ["enrol", "cancel", "cancel", "accept", "refuse", "wait", "capacity"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, MAKERS - 1)), min_size=4, max_size=18)
EVERYBODY = (
    "SELECT maker_id, state, position, capacity FROM cohort JOIN enrolment USING (cohort_id) WHERE cohort_id = $1"
)


class Line:
    """A cohort and its makers; `told` is all that was published of it."""

    def __init__(self, pool: Pool, cohort: Cohort, makers: Sequence[UUID]) -> None:
        self.pool, self.cohort, self.makers = pool, cohort, makers
        self.now: datetime = NOON
        self.told: list[Event] = []

    async def act(self, kind: str, n: int) -> None:
        """One step, half an hour after the one before. A refusal is an answer like any other."""
        self.now += timedelta(minutes=30)
        try:
            self.told += await self._act(kind, n)
        except KaryaError as refused:
            assert refused.kind in ("rejected", "not_found")
            assert kind != "wait"

    async def _act(self, kind: str, n: int) -> list[Event]:
        maker = self.makers[n]
        if kind == "wait":
            self.now += timedelta(hours=n)
            ended = await expire(self.pool, self.now)
            return [event for event in ended if event.subject.startswith(str(self.cohort.cohort_id))]
        if kind == "capacity":
            return (await set_capacity(self.pool, self.cohort, n + 1))[1]
        if kind == "enrol":
            await enrol(self.pool, self.cohort, maker, self.now)
            return []
        act = {"cancel": cancel, "accept": accept, "refuse": refuse}[kind]
        _, events = await act(self.pool, self.cohort, maker, self.now)
        return list(events)

    async def check(self) -> None:
        """What must hold after every step."""
        rows = await self.pool.fetch(EVERYBODY, self.cohort.cohort_id)
        states = Counter([row["state"] for row in rows])
        held = states["enrolled"] + states["offered"]
        capacity = rows[0]["capacity"] if rows else held
        assert held <= capacity
        assert not states["waitlisted"] or held == capacity, "a seat is free while somebody waits"
        assert len({row["maker_id"] for row in rows}) == len(rows)
        positions = sorted([row["position"] for row in rows if row["position"]])
        assert positions == list(range(1, states["waitlisted"] + 1))

    def check_told(self, offered: int) -> None:
        """Every offer ended once, or is open still; only an offer that was accepted led to a seat."""
        kinds = Counter([type(event) for event in self.told])
        accepted = [event for event in self.told if isinstance(event, OfferEnded) and event.how == "accepted"]
        assert kinds[SeatOffered] == kinds[OfferEnded] + offered
        assert kinds[MakerEnrolled] == len(accepted)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(capacity=st.integers(1, 4), came=st.integers(3, MAKERS), steps=STEPS)
async def test_seats_are_never_given_twice_nor_left_free_while_somebody_waits(
    line_of: "Makers", capacity: int, came: int, steps: list[tuple[str, int]]
) -> None:
    line = await line_of.open(capacity)
    for kind, n in [*[("enrol", n) for n in range(came)], *steps]:
        await line.act(kind, n)
        await line.check()

    line.check_told(sum([one.state == "offered" for one in (await look_at(line.pool, line.cohort)).enrolments]))


class Makers:
    """The same makers for every example: each example has a cohort of its own."""

    def __init__(self, pool: Pool, makers: Sequence[UUID]) -> None:
        self.pool, self.makers = pool, makers

    async def open(self, capacity: int) -> Line:
        cohort = await open_cohort(self.pool, capacity=capacity, offer_seconds=2 * 60 * 60)
        return Line(self.pool, cohort, self.makers)


@pytest.fixture
async def line_of(database: Database) -> Makers:
    pool = await database("training")
    await register_rusun(pool)
    return Makers(pool, [(await register(pool)).maker_id for _ in range(MAKERS)])
