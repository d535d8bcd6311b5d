"""However a till's day is cut into batches, in whatever order they come: it ties out, and what is missing is named."""

from collections.abc import Sequence
from itertools import count, pairwise
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sales.storage.heard import Heard, add_heard
from services.sales.views.closings import list_closings
from shared.contracts.message import Event
from shared.contracts.sales.tills import ListClosings, TillTiedOut
from shared.db import Pool
from tests.integration.sales.builders import NOON, Database, do, open_shop
from tests.integration.sales.watching import LATER, a_closing, close, findings, look, of_kind

ONE_DATABASE = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FIRST = 1_000
_tills = count(1)


class ADay(NamedTuple):
    """Amounts of a till's reports, numbered from FIRST on; batches of their positions as they come.

    `closed`: after how many batches the closing comes; `looks`: after which ones the watch looks.
    """

    amounts: list[int]
    batches: list[list[int]]
    closed: int
    looks: frozenset[int]


@st.composite
def days(draw: st.DrawFn) -> ADay:
    amounts = draw(st.lists(st.integers(-500_000, 2_000_000), min_size=3, max_size=25))
    order = draw(st.permutations(range(len(amounts))))
    edges = [0, *sorted(draw(st.sets(st.integers(1, len(amounts) - 1)))), len(amounts)]
    batches = [list(order[a:b]) for a, b in pairwise(edges)]
    looks = draw(st.frozensets(st.integers(0, len(batches))))
    return ADay(amounts, batches, draw(st.integers(0, len(batches))), looks)


@pytest.fixture
async def pool(database: Database) -> Pool:
    """One for all days of a test: each is another till's."""
    pool = await database("sales")
    await open_shop(pool)
    return pool


async def play(pool: Pool, till: str, day: ADay, lost: Sequence[int] = ()) -> list[Event]:
    """What the watch tells of the day, until long after its end. What is lost never comes."""
    told: list[Event] = []
    total, last = sum(day.amounts), FIRST + len(day.amounts) - 1
    closing = a_closing(till=till, events=len(day.amounts), total=total, first_seq=FIRST, last_seq=last)
    for n, batch in enumerate([*day.batches, []]):
        if n == day.closed:
            await close(pool, closing)
        facts = [
            Heard("citos", till, NOON.date(), 1, day.amounts[i], FIRST + i, -i - 1) for i in batch if i not in lost
        ]
        async with pool.acquire() as tx, tx.transaction():
            await add_heard(tx, facts)
        told += await look(pool) if n in day.looks else []
    told += await look(pool)
    return told + await look(pool, LATER)


@ONE_DATABASE
@given(day=days())
async def test_a_whole_day_ties_out_once_and_nobody_is_told_of_a_gap(pool: Pool, day: ADay) -> None:
    till = f"till-{next(_tills)}"
    told = await play(pool, till, day)
    assert [type(event) for event in told] == [TillTiedOut]
    shown = await do(pool, list_closings, ListClosings(code="citos", till=till))
    assert [(one.state, one.counted_total, one.missing) for one in shown.items] == [("tied", sum(day.amounts), [])]


@ONE_DATABASE
@given(day=days(), chosen=st.data())
async def test_one_lost_report_is_exactly_what_is_named_until_it_comes(
    pool: Pool, day: ADay, chosen: st.DataObject
) -> None:
    till = f"till-{next(_tills)}"
    lost = chosen.draw(st.integers(1, len(day.amounts) - 2), label="lost")
    assert of_kind(await play(pool, till, day, lost=[lost]), TillTiedOut) == []
    number = FIRST + lost
    found = {one.kind: one.detail for one in await findings(pool) if one.till == till}
    assert set(found) == {"sequence-gap", "totals-differ"}
    assert found["sequence-gap"] == {"count": 1, "numbers": [[number, number]]}
    assert found["totals-differ"]["missing"] == {"count": 1, "numbers": [[number, number]]}
    assert found["totals-differ"]["counted"]["total"] == sum(day.amounts) - day.amounts[lost]
    async with pool.acquire() as tx, tx.transaction():
        await add_heard(tx, [Heard("citos", till, NOON.date(), 1, day.amounts[lost], number, -lost - 1)])
    assert len(of_kind(await look(pool, LATER), TillTiedOut)) == 1
    assert [one for one in await findings(pool) if one.till == till] == []
