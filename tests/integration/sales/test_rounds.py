"""Rounds of the watch: as many events as a transaction can bear, one at a time, each done once."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from services.sales.watch import age, tills
from shared.contracts.outlets import SaleReported
from shared.contracts.sales.tills import FindingOpened
from shared.runtime.requests import Requests
from shared.runtime.service import Tools
from shared.settings import Settings
from tests.integration.sales.builders import (
    NOON,
    Database,
    a_sale,
    open_shop,
    report,
)
from tests.integration.sales.watching import (
    GRACE,
    LATER,
    a_closing,
    close,
    closing,
    findings,
    gaps,
    hear_numbers,
    look,
)


async def test_a_round_takes_so_many_events_and_says_that_there_are_more(database: Database) -> None:
    pool = await database("sales")
    day = NOON.date()
    async with pool.acquire() as tx, tx.transaction():
        for n, events in enumerate((9_999, 1, 500)):
            await tx.execute(
                "INSERT INTO heard (outlet, till, day, events, total, seqs, first_no, last_no) "
                "VALUES ('citos', 'till-1', $1, $2, 0, '{}', $3, $3)", day, events, -n - 1,
            )  # fmt: skip
    for left, more in ((1, True), (0, False)):
        async with pool.acquire() as tx, tx.transaction():
            assert (await tills.look_once(tx, NOON, GRACE))[0] is more
        assert await pool.fetchval("SELECT count(*) FROM heard") == left
    assert await pool.fetchval("SELECT events FROM till_day") == 10_500


async def test_the_job_sends_what_it_finds(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(receipt="2"))
    woken: list[bool] = []
    config = Settings(database_url="", amqp_url="", till_grace_seconds=0)
    requests = Requests("amqp://nobody", "sales", "/services/sales")
    tools = Tools("sales", pool, requests, config, lambda: woken.append(True))
    assert await tills.look(tools) is False
    sent = await pool.fetch("SELECT type FROM event_log JOIN outbox USING (day, id)")
    assert [row["type"] for row in sent] == [FindingOpened.wire]
    assert woken


async def test_thousands_of_like_lines_of_one_moment_hold_up_no_round(database: Database) -> None:
    """Each compared with all of them would be 25 million comparisons."""
    pool = await database("sales")
    await open_shop(pool)
    for start in range(0, 5_000, 500):
        await report(pool, *[a_sale(line=start + n) for n in range(1, 501)])
    await report(pool, a_sale(receipt="2", sold_at=NOON - timedelta(hours=1, seconds=9)))
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL statement_timeout = '1s'")
        _, events = await tills.look_once(tx, NOON, GRACE)
    assert {event.kind for event in events if isinstance(event, FindingOpened)} == {"suspected-duplicate"}


async def test_how_far_the_watch_is_behind_is_measured_beside_it(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1)
    await pool.execute("UPDATE heard SET at = now() - interval '1 hour'")
    requests = Requests("amqp://nobody", "sales", "/services/sales")
    tools = Tools("sales", pool, requests, Settings(database_url="", amqp_url=""), lambda: None)
    for after in (3_600, 0):
        await age.measure(tools)
        behind = REGISTRY.get_sample_value("karya_heard_age_seconds")
        assert behind is not None
        assert after <= behind < after + 60
        await look(pool)


async def test_of_two_rounds_at_once_one_has_the_turn(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_sale(receipt="2", till_seq=3))
    async with pool.acquire() as first, first.transaction():
        more, events = await tills.look_once(first, NOON, GRACE)
        assert (more, len(events)) == (False, 1)
        assert await look(pool) == []
    assert await look(pool) == []
    assert len(await findings(pool, "all")) == 1


async def test_a_round_that_is_rolled_back_is_done_again(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 3)
    with pytest.raises(ConnectionError):
        async with pool.acquire() as tx, tx.transaction():
            await tills.look_once(tx, NOON, GRACE)
            raise ConnectionError("the replica dies")
    await look(pool)
    await look(pool, LATER)
    assert await gaps(pool) == [[[2, 2]]]


async def test_rounds_and_bookings_side_by_side_count_everything_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    lines = [a_sale(line=n, till_seq=n, unit_price=1_000 + n) for n in range(1, 121)]

    async def book(reports: list[SaleReported]) -> None:
        for first in range(0, len(reports), 7):
            await report(pool, *reports[first : first + 7])

    async def watch() -> None:
        for _ in range(30):
            await look(pool)
            await asyncio.sleep(0.005)

    await asyncio.gather(book(lines[::2]), book(lines[1::2]), watch(), watch())
    total = sum(line.unit_price for line in lines)
    await close(pool, a_closing(events=120, total=total, first_seq=1, last_seq=120, till_seq=121))
    await look(pool)
    shown = await closing(pool)
    assert (shown.state, shown.counted_events, shown.counted_total, shown.missing) == ("tied", 120, total, [])
    assert await pool.fetchval("SELECT count(*) FROM heard") == 0
