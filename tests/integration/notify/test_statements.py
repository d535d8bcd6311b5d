"""A statement's notice carries the link: asked of sales at the moment of sending, and kept nowhere."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from services.notify import sender
from shared.contracts.sales.statements import GetStatementLinks, StatementLink, StatementLinks, StatementPublished
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.integration.notify.builders import ANI, NOON, WATI, a_contact, a_sale, keep_quiet, make_due, notices, tell
from tests.integration.notify.conftest import Notify, OpenPostOffice

SECRET = "a-secret-that-opens-it"
asked: list[list[UUID]] = []


async def tell_links(query: Received[GetStatementLinks], _: Tx) -> StatementLinks:
    asked.append(query.data.statement_ids)
    url = f"https://karya.example/statements/{SECRET}"
    return StatementLinks(items=[StatementLink(statement_id=one, url=url) for one in query.data.statement_ids])


@pytest.fixture
async def sales(
    notify: Notify, make_database: Callable[[str], Awaitable[str]], broker_url: str
) -> AsyncIterator[Process]:
    """Sales, as far as it says where statements are read."""
    asked.clear()
    heard = dict.fromkeys(SUBSCRIPTIONS["sales"], keep_quiet)
    service = Service("sales", events=heard, queries={GetStatementLinks: tell_links})
    process = Process(service, Settings(database_url=await make_database("sales"), amqp_url=broker_url))
    await process.start()
    yield process
    await process.stop()


def a_statement(maker: UUID = ANI) -> StatementPublished:
    return StatementPublished(
        statement_id=uuid4(), maker_id=maker, month="2026-11", opening=0, closing=455_000, lines=1, published_at=NOON
    )


async def test_her_letter_has_the_link_and_nothing_else_has_it(
    notify: Notify, sales: Process, open_post_office: OpenPostOffice
) -> None:
    office = await open_post_office()
    await tell(notify.pool, a_statement(), a_statement(WATI), a_sale())
    notify.desk.knows(a_contact(ANI, email="siti@example.org"), a_contact(WATI))

    with capture_logs() as logs:
        await sender.send_due(notify.tools(office.url))

    letters = [letter.get_content() for letter in office.letters]
    assert sorted(SECRET in letter for letter in letters) == [False, True]
    assert [len(one) for one in asked] == [2]
    assert {row["state"] for row in await notices(notify.pool)} == {"sent"}
    kept = await notify.pool.fetchval("SELECT string_agg(t::text, ' ') FROM (SELECT * FROM notice, event_log) t")
    assert SECRET not in str(logs) + str(kept) + str(await notify.told())


async def test_while_sales_is_away_statements_wait_and_other_notices_do_not(notify: Notify) -> None:
    await tell(notify.pool, a_statement(), a_sale())
    notify.desk.knows(a_contact(ANI))

    await sender.send_due(notify.tools())

    states = {row["template"]: (row["state"], row["tries"]) for row in await notices(notify.pool)}
    assert states == {"statement-published": ("queued", 0), "item-sold": ("sent", 1)}


async def test_nobody_asks_for_links_when_there_is_no_statement(notify: Notify, sales: Process) -> None:
    await tell(notify.pool, a_sale())
    notify.desk.knows(a_contact(ANI))
    await make_due(notify.pool)

    await sender.send_due(notify.tools())

    assert asked == []
