"""Products are found by words in two languages, best first, by an index, page by page; and handed out as files."""

import csv
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from services.catalog.handlers import products, showing
from services.catalog.views import export
from services.catalog.views import products as views
from shared.contracts.catalog import ListProducts, Product, SetPrice, Submission
from shared.contracts.catalog.showing import ExportCsv, ExportJson, TellStory
from shared.contracts.training import Craft
from shared.db import Pool
from shared.errors import Invalid, Rejected
from shared.runtime.paging import encode_cursor
from tests.integration.catalog.builders import ANI, NOON, Database, approve, do, register, submit

TITLES = {
    "SHAWL": ("Selendang batik parang", "Motif parang dari lantai dua belas.", "A shawl with the parang pattern."),
    "BAG": ("Tas anyaman koran", "Dibuat dari koran bekas yang dianyam.", "Woven from old newspapers."),
    "BROOCH": ("Bros bunga", "Bros untuk pembatik dan penari.", "A brooch, lovingly embroidered."),
}


async def opened(database: Database) -> Pool:
    pool = await database("catalog")
    await register(pool, ANI)
    for sku, (title, story_id, story_en) in TITLES.items():
        submission: Submission = await submit(pool, title=title)
        await approve(pool, submission, sku)
        await do(pool, showing.tell_story, TellStory(sku=sku, story_id=story_id, story_en=story_en))
    return pool


async def found(pool: Pool, q: str, **asked: Any) -> list[str]:
    return [product.sku for product in (await do(pool, views.list_products, ListProducts(q=q, **asked))).items]


@pytest.mark.parametrize(
    ("q", "skus"),
    [
        ("selendang", ["SHAWL"]),
        ("SELEN", ["SHAWL"]),
        ("parang batik", ["SHAWL"]),
        ("bag", ["BAG"]),
        ("menganyam", ["BAG"]),
        ("newspaper", ["BAG"]),
        ("embroidering", ["BROOCH"]),
        ("bros dan bunga", ["BROOCH"]),
        ("bunga koran", []),
        ("kuningan", []),
        ("SHAWL:* | bag", []),
    ],
)
async def test_words_are_found_as_they_are_as_they_begin_and_as_they_are_bent(
    database: Database, q: str, skus: list[str]
) -> None:
    assert await found(await opened(database), q) == skus


async def test_what_is_called_so_comes_before_what_only_tells_of_it(database: Database) -> None:
    pool = await opened(database)
    await do(pool, showing.tell_story, TellStory(sku="BROOCH", story_id="Cocok dengan selendang."))

    assert await found(pool, "selendang") == ["SHAWL", "BROOCH"]
    assert await found(pool, "selendang", craft=Craft.WEAVING) == []
    assert await found(pool, "selendang", price_to=699_999) == []


async def test_words_that_say_nothing_are_looked_for_only_when_there_are_no_others(database: Database) -> None:
    pool = await opened(database)
    assert await found(pool, "the shawl") == ["SHAWL"]
    assert await found(pool, "dan") == ["BROOCH"]
    with pytest.raises(Invalid) as refused:
        await found(pool, "&|!")
    assert refused.value.errors[0]["field"] == "q"


async def test_all_that_is_found_comes_page_by_page_and_once(database: Database) -> None:
    pool = await opened(database)
    await many(pool, 30)
    first: list[str] = []
    cursor = None
    for _ in range(9):
        page = await do(pool, views.list_products, ListProducts(q="batik", limit=4, cursor=cursor))
        first += [product.sku for product in page.items]
        cursor = page.next
    assert cursor is None
    assert len(first) == len(set(first)) == 33
    assert first == await found(pool, "batik", limit=500)
    with pytest.raises(Invalid, match="cursor"):
        await found(pool, "batik", cursor=encode_cursor("best", "BAG"))


async def test_the_words_are_looked_up_in_their_index(database: Database) -> None:
    pool = await opened(database)
    await many(pool, 3000)
    await pool.execute("ANALYZE product")
    plans: list[str] = []

    class Watched:
        async def fetch(self, statement: str, *values: Any) -> list[Any]:
            rows = await pool.fetch(f"EXPLAIN {statement}", *values)
            plans.extend(row[0] for row in rows)
            return []

    fit = [None, None, None, None, None, None, NOON]
    await views._search(Watched(), fit, ["parang"], (None, None), 50)  # type: ignore[arg-type]

    assert any("product_search" in line for line in plans), "\n".join(plans)


async def test_a_table_of_products_is_safe_in_a_spreadsheet(database: Database) -> None:
    pool = await opened(database)
    submission = await submit(pool, title='=HYPERLINK("http://evil.example","Klik")')
    await approve(pool, submission, "EVIL")
    soon = NOON + timedelta(days=30)
    await do(pool, products.set_price, SetPrice(sku="SHAWL", price=750_000, valid_from=soon))

    document = await do(pool, export.export_csv, ExportCsv())

    assert (document.media_type, document.filename) == ("text/csv", "products-2026-11-21.csv")
    assert document.content.startswith(b"\xef\xbb\xbfsku,title,")
    rows = {row["sku"]: row for row in csv.DictReader(StringIO(document.content.decode("utf-8-sig")))}
    assert list(rows) == ["BAG", "BROOCH", "EVIL", "SHAWL"]
    assert rows["EVIL"]["title"] == '\'=HYPERLINK("http://evil.example","Klik")'
    assert (rows["SHAWL"]["price"], rows["SHAWL"]["next_price"]) == ("700000", "750000")
    assert rows["SHAWL"]["next_price_from"] == soon.isoformat()
    assert (rows["BAG"]["next_price"], rows["BAG"]["makers"]) == ("", str(ANI))


async def test_a_file_of_products_holds_each_as_it_is_shown(database: Database) -> None:
    pool = await opened(database)

    document = await do(pool, export.export_json, ExportJson(q="koran"))

    assert (document.media_type, document.filename) == ("application/json", "products-2026-11-21.json")
    shown = (await do(pool, views.list_products, ListProducts(q="koran"))).items
    assert [Product.model_validate(one) for one in json.loads(document.content)["products"]] == shown


async def test_more_products_than_a_file_holds_are_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = await opened(database)
    monkeypatch.setattr(export, "MOST", 2)
    handles: list[tuple[Callable[..., Awaitable[Any]], Any]] = [
        (export.export_csv, ExportCsv()),
        (export.export_json, ExportJson()),
    ]
    for handle, asked in handles:
        with pytest.raises(Rejected, match="too_many_products"):
            await do(pool, handle, asked)


async def many(pool: Pool, count: int) -> None:
    """So many more products, made at once."""
    await pool.execute(
        """
        WITH made AS (
            INSERT INTO submission (submission_id, title, craft, technique, material, hours, asking_price,
                                    submitted_at, submitted_by, criteria_from)
            SELECT gen_random_uuid(), 'Kain batik ' || n, 'batik', 'cap', 'cotton', 10, 1, $2, 'x', c.valid_from
            FROM generate_series(1, $1) n, criteria c
            RETURNING *
        ), makers AS (
            INSERT INTO submission_maker SELECT submission_id, 1, $3, 1 FROM made
        ), products AS (
            INSERT INTO product (sku, submission_id, title, craft, technique, material, approved_at)
            SELECT 'M' || row_number() OVER (), submission_id, title, craft, technique, material, $2 FROM made
            RETURNING sku
        )
        INSERT INTO price (sku, valid_from, price, set_at, set_by) SELECT sku, $2, 500, $2, 'x' FROM products
        """,
        count,
        NOON,
        ANI,
    )
