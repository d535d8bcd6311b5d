"""The event logs hold all of the books: replayed into an empty database they come out the same (scenario 35)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from deploy.local.commands.replay import MEANS
from services.sales.replay.families import LINKS
from services.sales.replay.replayer import Replayer, describe, wires
from services.sales.replay.verify import verify
from services.sales.views.books import Books, get_books
from shared import db
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.sales import DeliveryLine, DispatchDelivery
from shared.contracts.sales.remittances import RecordRemittance
from shared.db import Pool
from shared.errors import Rejected
from tests.conftest import MakeDatabase, OpenDatabase, Urls
from tests.integration.sales.builders import ANI, NOON, POUCH, SHAWL, a_product, a_return, a_sale, a_void
from tests.integration.sales.history import HOUR, SERIALS, live, move_goods, open_house, sell
from tests.integration.sales.town import FINANCE, Town, found_town

TAMPERING = {
    "UPDATE transfer SET amount = amount + 1 WHERE id = (SELECT min(id) FROM transfer)": "accounts: ",
    "DELETE FROM transfer WHERE id = (SELECT max(id) FROM transfer WHERE kind = 'return')": "postings: return: ",
    "UPDATE stock SET balance = balance + 1 WHERE outlet = 'pim' AND sku = 'SUL-0001'": "shelves: pim SUL-0001: ",
    "UPDATE sale_split SET programme = programme - 1 WHERE sale = (SELECT no FROM sale WHERE receipt = 'A-4')":
        "splits: citos BTK-0007 2026-11-21: programme ",
    "UPDATE sale_split SET accounts = ARRAY[accounts[2], accounts[1], accounts[3]] "
    "WHERE sale = (SELECT no FROM sale WHERE receipt = 'P-1')": f"shares: {ANI} 2026-11-21: got ",
    f"UPDATE unit SET outlet = 'pim' WHERE serial = '{SERIALS[5]}'": f"units: {SERIALS[5]}: outlet pim, not citos",
    "DELETE FROM goods_movement WHERE kind = 'dispatched' AND sku = 'SUL-0001'": "movements: citos SUL-0001 dispatched",
    "UPDATE sale SET unit_price = unit_price + 1 WHERE receipt = 'A-7'": "facts: sales: net ",
}  # fmt: skip

QUIET = {
    "UPDATE sale SET receipt = 'A-9' WHERE receipt = 'A-1'": "2026-11-21",
    "UPDATE sale SET sold_at = sold_at - interval '1 minute' WHERE receipt = 'A-1'": "2026-11-21",
    "UPDATE sale SET unit_price = unit_price + 1, discount = discount + quantity WHERE receipt = 'A-1'": "2026-11-21",
    "UPDATE sale SET outlet_bears = outlet_bears + 1 WHERE receipt = 'A-2'": "2026-11-20",
    "UPDATE returned SET line = 7": "2026-11-21",
    "UPDATE sale_void SET voided_at = voided_at + interval '1 hour'": "2026-11-20",
}
"""What leaves every sum as it is, and the day of the till's where it is found."""


@pytest.fixture
async def town(servers: Urls, make_database: MakeDatabase) -> AsyncIterator[Town]:
    made = await found_town(servers, make_database)
    yield made
    for pool in made.pools.values():
        pool.terminate()


async def test_the_books_of_a_rich_history_come_out_the_same(town: Town) -> None:
    await live(town)
    told = Counter([row["type"] for row in await town.sales.fetch("SELECT type FROM event_log")])
    assert {kind.wire for kind in LINKS if kind.owner() == "sales"} <= told.keys()
    verdict = await town.verify()
    assert verdict.production.explain(verdict.replayed.books) == ""
    assert verdict.equal
    assert verdict.production.digest() == verdict.replayed.books.digest()
    assert all(verdict.production.pages.values()), "every page of the books has something to compare"
    assert "repayments kept back" in verdict.production.pages["papers"], "a batch was sent that repaid a loan"
    assert verdict.production.pages.keys() == MEANS.keys(), "and says in plain words what that is"


async def test_whatever_is_tampered_with_is_found_and_named(town: Town) -> None:
    await open_house(town)
    await move_goods(town)
    await sell(town)
    async with town.sales.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL session_replication_role = replica")  # switches off what refuses changes
        for statement in TAMPERING:
            assert (await tx.execute(statement)).split()[-1] != "0", statement
    verdict = await town.verify()
    assert not verdict.equal
    named = verdict.production.explain(verdict.replayed.books, most=100).splitlines()
    for statement, difference in TAMPERING.items():
        assert [line for line in named if line.startswith(difference)], (statement, named)


@pytest.mark.parametrize("statement", QUIET)
async def test_a_line_that_says_something_else_is_found_though_all_sums_are_the_same(
    town: Town, statement: str
) -> None:
    await open_house(town)
    await town.report(a_sale(receipt="A-1", quantity=2), a_sale(receipt="A-2", sold_at=NOON - 20 * HOUR))
    await town.report(a_return(original_receipt="A-1"), a_void(receipt="A-2", voided_at=NOON - 19 * HOUR))
    async with town.sales.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL session_replication_role = replica")  # switches off what refuses changes
        assert await tx.execute(statement) == "UPDATE 1"
    verdict = await town.verify()
    (difference,) = verdict.production.differences(verdict.replayed.books)
    assert str(difference).startswith(f"lines: citos till-1 {QUIET[statement]}: fingerprint ")


async def test_sales_whose_events_named_no_receipt_yet_come_out_the_same(town: Town) -> None:
    await open_house(town)
    yesterday = NOON - 30 * HOUR
    await town.report(
        a_sale(receipt="A-1", sold_at=yesterday), a_sale(receipt="A-2", quantity=3, discount=10, sold_at=yesterday)
    )
    await town.report(a_return(original_receipt="A-2"))
    stripped = await town.sales.execute(
        """
        UPDATE event_log
        SET envelope = jsonb_set(envelope::jsonb, '{data}', (envelope::jsonb -> 'data') - '{till, receipt, line,
            unit_price, discount, list_price, promo_cost, outlet_bears, agreed_from, remarks, pieces}'::text[])::text
        WHERE type = 'sales.ItemSold.v1'
        """
    )
    assert stripped == "UPDATE 2"
    verdict = await town.verify()
    assert set(verdict.production.pages["lines"]) == {"citos till-1 2026-11-21"}, "of earlier ones less was told"
    assert verdict.production.explain(verdict.replayed.books) == ""
    assert verdict.equal


async def test_a_sale_that_is_taken_out_of_the_log_is_missed(town: Town) -> None:
    await open_house(town)
    await town.report(a_sale(receipt="A-1"), a_sale(receipt="A-2"))
    await town.report(a_return(original_receipt="A-2"))
    await town.sales.execute(
        "DELETE FROM event_log WHERE type = 'sales.ItemSold.v1' AND envelope::jsonb -> 'data' ->> 'receipt' = 'A-2'"
    )
    verdict = await town.verify()
    assert not verdict.equal
    assert [one.partition(" ")[0] for one in verdict.replayed.unexplained] == ["sales.ItemReturned.v1"]
    assert "facts: sales: facts 2, not 1" in verdict.production.explain(verdict.replayed.books, most=100)


async def test_what_has_not_reached_sales_yet_has_no_part_in_its_books(town: Town) -> None:
    await open_house(town)
    await town.tell(UnitsLabelled(sku=SHAWL, serials=["2900000000991"]), heard=False)
    await town.tell(UnitsLabelled(sku="BTK-0008", serials=["2900000000992"]))  # waits for its product
    await town.tell(a_product("BTK-0008", {ANI: 1}))
    assert await town.sales.fetchval("SELECT count(*) FROM parked WHERE state = 'waiting'") == 1
    verdict = await town.verify()
    assert verdict.equal
    assert set(verdict.production.pages["units"]) == set(SERIALS)


async def test_what_is_recorded_meanwhile_does_not_matter(town: Town) -> None:
    await open_house(town)
    await town.report(a_sale(receipt="before"))
    during: list[asyncio.Task[None]] = []

    def progress(_: int) -> None:
        during.append(asyncio.create_task(town.report(a_sale(receipt=f"during-{len(during)}"))))

    async with town.empty_database() as target:
        verdict = await verify(town.databases(target), progress)
    await asyncio.gather(*during)
    assert verdict.equal
    assert verdict.production.pages["facts"]["sales"]["facts"] == 1
    assert await town.sales.fetchval("SELECT count(*) FROM sale") == 1 + len(during) > 1


async def test_a_database_that_is_not_empty_is_refused(town: Town) -> None:
    with pytest.raises(Rejected, match="empty") as refused:
        await verify(town.databases(town.urls["catalog"]), lambda _: None)
    assert refused.value.code == "database_not_empty"


async def test_the_new_database_is_one_that_sales_can_go_on_with(town: Town) -> None:
    await open_house(town)
    await move_goods(town)
    await sell(town)
    async with town.empty_database() as target:
        assert (await verify(town.databases(target), lambda _: None)).equal
        pool = await db.open_pool(target, "tests", size=2)
        town.pools["sales"].terminate()
        town.pools["sales"] = pool
        before = await pool.fetchval("SELECT count(*) FROM sale")
        await town.report(a_sale(receipt="A-1", sku=POUCH, quantity=3, unit_price=349_900, discount=50_000, till_seq=1))
        await town.report(a_return(receipt="R-9", sku=POUCH, original_receipt="A-1"))
        await move_goods_again(town)
        assert await pool.fetchval("SELECT count(*) FROM sale") == before, "a line is a duplicate there too"
        assert await pool.fetchval("SELECT sum(taken_back) FROM sale_split JOIN sale ON no = sale "
                                   "WHERE receipt = 'A-1'") == 3  # fmt: skip
        assert not await pool.fetchval("SELECT to_regclass('sale_for_replay')"), "no index is left that is not needed"
        pool.terminate()


async def move_goods_again(town: Town) -> None:
    """A delivery note gets the next number."""
    before = await town.sales.fetchval("SELECT max(note_number) FROM delivery")
    await town.ask(DispatchDelivery(outlet="pim", lines=[DeliveryLine(sku=POUCH, quantity=1)]))
    assert await town.sales.fetchval("SELECT max(note_number) FROM delivery") > before


async def test_what_comes_before_its_cause_waits_for_it(town: Town, database: OpenDatabase) -> None:
    await live(town)
    own, foreign = await texts(town, "sales"), [*await texts(town, "training"), *await texts(town, "catalog")]
    target = await database("sales")
    books, left = await replay(target, own, foreign)
    assert left == []
    assert (await town.verify()).production.explain(books) == ""


async def test_a_piece_is_not_moved_before_what_moved_it_first(town: Town, database: OpenDatabase) -> None:
    await open_house(town)
    piece = SERIALS[0]
    await town.report(a_sale(receipt="A-1", serial=piece, sold_at=NOON - HOUR))
    await town.report(a_void(receipt="A-1", voided_at=NOON))
    await town.report(a_sale(receipt="A-2", serial=piece, sold_at=NOON))
    own = await texts(town, "sales")
    void = next(text for text in own if '"sales.ReceiptVoided.v1"' in text)
    late = [text for text in own if text != void] + [void]
    foreign = [*await texts(town, "training"), *await texts(town, "catalog")]
    books, left = await replay(await database("sales"), foreign, late)
    assert left == []
    assert books.pages["units"][piece]["state"] == "sold"
    assert (await town.verify()).production.explain(books) == ""


async def test_a_cause_that_never_comes_is_named(town: Town, database: OpenDatabase) -> None:
    await open_house(town)
    await town.report(a_sale(receipt="A-1"))
    books, left = await replay(await database("sales"), await texts(town, "sales"))
    assert [one.split()[0] for one in left] == ["sales.ItemSold.v1"]
    assert books.pages["accounts"] == {}


async def texts(town: Town, service: str) -> list[str]:
    rows = await town.pools[service].fetch(
        "SELECT envelope FROM event_log WHERE type = ANY ($1::text[]) ORDER BY recorded_at, id", wires()[service]
    )
    return [row["envelope"] for row in rows]


async def replay(target: Pool, *feeds: list[str]) -> tuple[Books, list[str]]:
    """Each feed in chunks of 100."""
    async with target.acquire() as tx:
        replayer = Replayer(tx)
        for feed in feeds:
            for first in range(0, len(feed), 100):
                await replayer.feed(feed[first : first + 100])
        left = await replayer.finish()
        return await get_books(tx), [describe(message) for message in left]


async def test_a_large_remittance_comes_out_the_same(town: Town) -> None:
    """It is told in parts, and some of its sales come back elsewhere."""
    await open_house(town)
    await town.report(*[a_sale(receipt=f"L-{n}") for n in range(520)])
    today = town.at.date()
    money = {"code": "citos", "received_on": today, "through": today}
    first = await town.ask(RecordRemittance(amount=515 * 539_000 + 1, reference="L-1", **money), FINANCE)
    await town.report(a_return(receipt="R-1", outlet="pim", original_outlet="citos", original_receipt="L-0"))
    assert (first.sales, first.waiting, first.on_account) == (515, 5, 1)
    await town.ask(RecordRemittance(amount=539_000, reference="L-2", **money), FINANCE)
    verdict = await town.verify()
    assert verdict.production.explain(verdict.replayed.books) == ""
    assert verdict.production.pages["papers"]["settled citos"]["papers"] == 516
