"""Statements that are made up: one after the other without a gap, each the same for ever, read by whom they are for."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.sales.domain import statements as rules
from services.sales.domain.statements import READABLE
from services.sales.views.statements import published
from shared.contracts.sales.statements import (
    GetStatementLink,
    GetStatementLinks,
    ListStatements,
    PublishedStatement,
    StatementHead,
    StatementPublished,
)
from shared.db import Pool
from shared.errors import NotFound, Rejected
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    do,
    open_shop,
    owed,
    received,
    report,
)
from tests.integration.sales.settling import pay_out
from tests.integration.sales.stating import HOME, LINKS, check, day, figures, publish, read, recorded_on


async def heads(pool: Pool, **asked: object) -> list[StatementHead]:
    return (await do(pool, published.list_statements, ListStatements.model_validate(asked))).items


async def reading(pool: Pool, event: StatementPublished) -> PublishedStatement:
    found = await read(pool, LINKS.token(event.statement_id))
    check(found)
    assert (found.opening, found.closing, len(found.items)) == (event.opening, event.closing, event.lines)
    return found


async def test_every_maker_on_whose_account_something_came_gets_one(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(receipt="2", sku=POUCH, unit_price=100_000))
    reply, events = await publish(pool, now=NOON)
    told = {event.maker_id: (event.opening, event.closing, event.lines, event.month) for event in events}
    assert told == {
        ANI: (0, 487_500, 2, "2026-11"),
        WATI: (0, 19_500, 1, "2026-11"),
        SRI: (0, 13_000, 1, "2026-11"),
    }
    assert (reply.published, reply.more) == (3, False)
    assert {head.statement_id for head in await heads(pool)} == {event.statement_id for event in events}
    assert [head.maker_id for head in await heads(pool, maker_id=WATI, month="2026-11")] == [WATI]
    assert await heads(pool, month="2026-10") == []


async def test_the_next_one_begins_where_the_last_one_ended(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    await recorded_on(pool, day(1))
    _, (first,) = await publish(pool)
    assert (await publish(pool))[0].published == 0
    await report(pool, a_sale(receipt="2"), a_return(original_receipt="1"))
    await pay_out(pool)
    await recorded_on(pool, day(10))
    _, (second,) = await publish(pool)
    assert (second.opening, second.closing, second.lines) == (first.closing, await owed(pool), 3)
    assert [line.kind for line in (await reading(pool, second)).items] == ["payout", "return", "sale"]
    assert [line.receipt for line in (await reading(pool, first)).items] == ["1"]


async def test_a_month_that_is_over_ends_with_it_and_what_came_after_is_on_the_next(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    for receipt, at in (("sep", day(-40)), ("oct", day(-10)), ("nov", day(5))):
        await report(pool, a_sale(receipt=receipt, sold_at=NOON - timedelta(days=60)))
        await recorded_on(pool, at)
    _, (october,) = await publish(pool, "2026-10")
    assert (october.opening, october.closing, october.lines) == (455_000, 910_000, 1)
    _, (november,) = await publish(pool, "2026-11")
    assert (november.opening, november.closing, november.lines) == (910_000, 1_365_000, 1)
    assert (await publish(pool, "2026-09"))[0].published == 0


async def test_a_statement_is_the_same_whatever_is_told_late(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1", sold_at=day(3)))
    _, (event,) = await publish(pool)
    before = await reading(pool, event)
    await report(pool, a_sale(receipt="late", sold_at=day(2)), a_return(original_receipt="1", returned_at=day(4)))
    after = await reading(pool, event)
    assert figures(after) == figures(before)
    assert (after.opening, after.closing) == (before.opening, before.closing)
    assert after.balance == await owed(pool)


async def test_a_cooperative_s_makers_are_those_who_belong_to_it_today(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=100_000))
    _, events = await publish(pool, cooperative="kop-komarudin")
    assert [event.maker_id for event in events] == [WATI]
    assert (await publish(pool, cooperative="kop-nowhere"))[0].published == 0


async def test_a_month_that_has_not_begun_is_refused(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(Rejected, match="month_ahead"):
        await publish(pool, "2026-12")


async def test_two_who_publish_at_once_make_every_statement_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=100_000))
    replies = await asyncio.gather(*[publish(pool) for _ in range(4)])
    assert sorted(reply.published for reply, _ in replies) == [0, 0, 0, 3]
    assert len(await heads(pool)) == 3


async def test_sales_that_are_booked_meanwhile_are_on_one_statement_each(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)

    async def sell() -> None:
        for number in range(20):
            await report(pool, a_sale(receipt=f"R{number}"))

    async def make() -> list[StatementPublished]:
        made = []
        for _ in range(10):
            made += (await publish(pool))[1]
        return made

    _, made = await asyncio.gather(sell(), make())
    made += (await publish(pool))[1]
    lines = [line.receipt for event in made for line in (await reading(pool, event)).items]
    assert sorted(map(str, lines)) == sorted(f"R{number}" for number in range(20))
    assert [event.opening for event in made] == [0, *[event.closing for event in made[:-1]]]
    assert made[-1].closing == await owed(pool)


async def test_a_link_opens_its_page_for_90_days(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    _, (event,) = await publish(pool, now=day(30))
    token = LINKS.token(event.statement_id)
    page = await read(pool, token, day(30) + READABLE - timedelta(seconds=1))
    assert (page.maker_id, page.month, page.expires_at) == (ANI, "2026-11", day(30) + READABLE)
    for asked, at in ((token, day(30) + READABLE), (LINKS.token(uuid4()), day(30)), ("A" * 43, day(30))):
        with pytest.raises(NotFound):
            await read(pool, asked, at)


async def test_who_writes_to_makers_is_told_the_links_that_are_open(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    _, (event,) = await publish(pool, now=day(30))
    asked = GetStatementLinks(statement_ids=[event.statement_id, UUID(int=7)])
    one = GetStatementLink(statement_id=event.statement_id)
    url = f"{HOME}/statements/{LINKS.token(event.statement_id)}"
    async with pool.acquire() as tx:
        told = await published.get_statement_links(received(asked, day(30)), tx, LINKS, HOME)
        assert [(link.statement_id, link.url) for link in told.items] == [(event.statement_id, url)]
        assert (await published.get_statement_link(received(one, day(30)), tx, LINKS, HOME)).url == url
        late = received(asked, day(30) + READABLE)
        assert (await published.get_statement_links(late, tx, LINKS, HOME)).items == []
        assert (await published.get_statement_links(received(asked, day(30)), tx, None, HOME)).items == []
        with pytest.raises(NotFound):
            await published.get_statement_link(received(one, day(30) + READABLE), tx, LINKS, HOME)


async def test_what_was_made_up_is_never_changed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await publish(pool)
    with pytest.raises(Exception, match="append-only"):
        await pool.execute("UPDATE statement SET closing = 0")


async def test_what_is_too_much_for_one_go_is_made_by_asking_once_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=100_000))
    monkeypatch.setattr(rules, "MOST", 2)
    replies = [(await publish(pool))[0] for _ in range(3)]
    assert [(reply.published, reply.more) for reply in replies] == [(2, True), (1, False), (0, False)]
