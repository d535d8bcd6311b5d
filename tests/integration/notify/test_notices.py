"""Events become notices, and makers can read them: on a real database."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from services.notify import handlers, views
from services.notify.domain import Template
from shared.contracts.catalog import ChangesRequested, MakerWeight
from shared.contracts.notify import CountNotices, ListNotices, Notices
from shared.contracts.training import Language
from shared.db import Pool
from shared.errors import Invalid
from shared.runtime.paging import encode_cursor
from tests.integration.notify.builders import ANI, SITI, WATI, a_sale, notices, received, tell, tell_again

Database = Callable[[str], Awaitable[Pool]]


async def list_notices(pool: Pool, query: ListNotices) -> Notices:
    async with pool.acquire() as tx, tx.transaction(readonly=True):
        return await views.list_notices(received(query), tx)


async def test_each_maker_of_a_sale_gets_a_notice_of_her_own(database: Database) -> None:
    pool = await database("notify")

    await tell(pool, a_sale(ANI, WATI), a_sale(SITI))

    assert [row["maker_id"] for row in await notices(pool)] == [ANI, WATI, SITI]


async def test_the_same_event_again_is_no_new_notice(database: Database) -> None:
    pool = await database("notify")
    batch = await tell(pool, a_sale(ANI, WATI))
    first = await notices(pool)

    await tell_again(pool, [*batch, *batch, received(a_sale(SITI))])

    assert (await notices(pool))[:2] == first
    assert len(await notices(pool)) == 3


async def test_nothing_personal_is_stored(database: Database) -> None:
    pool = await database("notify")

    await tell(pool, a_sale(ANI))

    (row,) = await notices(pool)
    assert set(row["params"]) == {"sku", "quantity", "outlet", "sold_at", "amount"}
    columns = {"notice_id", "seq", "maker_id", "template", "params", "state", "tries"}
    assert set(row.keys()) == columns | {"next_try_at", "channel", "reason", "created_at", "sent_at"}


async def test_a_full_batch_is_one_statement(database: Database) -> None:
    pool = await database("notify")
    batch = [received(a_sale(*[uuid4() for _ in range(3)])) for _ in range(500)]
    statements: list[str] = []
    await tell(pool, a_sale(ANI))

    async with pool.acquire() as tx, tx.transaction():
        with tx.query_logger(lambda record: statements.append(record.query)):
            await handlers.tell_makers(batch, tx)

    assert await pool.fetchval("SELECT count(*) FROM notice") == 1501
    assert len(statements) == 1


async def test_a_maker_reads_her_notices_newest_first_page_by_page(database: Database) -> None:
    pool = await database("notify")
    await tell(pool, *[a_sale(ANI, WATI, amount=1_000 * n) for n in range(1, 6)])

    pages, cursor = [], None
    for _ in range(3):
        page = await list_notices(pool, ListNotices(maker_id=ANI, limit=2, cursor=cursor))
        pages.append([notice.text.splitlines()[0].split(": ")[1] for notice in page.items])
        cursor = page.next

    assert pages == [
        ["Rp5.000 untuk Ibu", "Rp4.000 untuk Ibu"],
        ["Rp3.000 untuk Ibu", "Rp2.000 untuk Ibu"],
        ["Rp1.000 untuk Ibu"],
    ]
    assert cursor is None


async def test_a_notice_is_shown_in_the_language_asked_for(database: Database) -> None:
    pool = await database("notify")
    refusal = ChangesRequested(
        submission_id=uuid4(), title="Parang shawl", reasons=["loose seams"], makers=[MakerWeight(maker_id=ANI)]
    )
    await tell(pool, refusal)

    texts = [(await list_notices(pool, ListNotices(maker_id=ANI, language=x))).items[0].text for x in Language]

    assert [text.splitlines()[0] for text in texts] == [
        "Tinggal sedikit lagi: Parang shawl",
        "Nearly there: Parang shawl",
    ]
    assert all("- loose seams" in text for text in texts)


async def test_a_maker_without_notices_has_an_empty_list(database: Database) -> None:
    pool = await database("notify")
    await tell(pool, a_sale(ANI))

    assert await list_notices(pool, ListNotices(maker_id=UUID(int=404))) == Notices(items=[], next=None)


async def test_a_cursor_that_was_never_ours_is_refused(database: Database) -> None:
    pool = await database("notify")

    for cursor in ("nonsense", encode_cursor("BTK-0001"), encode_cursor(2**63)):
        with pytest.raises(Invalid, match="not a cursor of this list"):
            await list_notices(pool, ListNotices(maker_id=ANI, cursor=cursor))


async def test_notices_are_counted_by_state(database: Database) -> None:
    pool = await database("notify")
    await tell(pool, a_sale(ANI, WATI), a_sale(SITI))
    (gone,) = [row["seq"] for row in await notices(pool) if row["maker_id"] == SITI]
    await pool.execute("DELETE FROM due WHERE seq = $1", gone)
    await pool.execute("INSERT INTO outcome (seq, state, tries) VALUES ($1, 'failed', 1)", gone)

    async with pool.acquire() as tx, tx.transaction(readonly=True):
        counts = await views.count_notices(received(CountNotices()), tx)

    assert (counts.total, counts.by_state) == (3, {"queued": 2, "failed": 1})
    assert (await notices(pool))[0]["template"] == Template.ITEM_SOLD
