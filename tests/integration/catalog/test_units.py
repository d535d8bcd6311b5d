"""Pieces with a serial on a real database: no serial twice, labels that say what holds now."""

import asyncio
import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from stdnum import ean

from services.catalog.app import service
from services.catalog.handlers import products
from services.catalog.handlers import units as handlers
from services.catalog.views import units as views
from shared.contracts.catalog import GetLabels, GetUnit, LabelUnits, ListUnits, SetPrice, Unit, UnitsLabelled
from shared.contracts.message import Document
from shared.db import Pool
from shared.errors import NotFound, Rejected
from shared.runtime.responder import Responder
from tests.integration.catalog.builders import ANI, NOON, Database, a_product, do, register

HOME = "https://karya.example"
label_units = partial(handlers.label_units, public_url=HOME)
list_units = partial(views.list_units, public_url=HOME)
get_unit = partial(views.get_unit, public_url=HOME)
get_labels = partial(views.get_labels, public_url=HOME)


async def opened(database: Database) -> tuple[Pool, str]:
    """A catalog with one product."""
    pool = await database("catalog")
    await register(pool, ANI)
    return pool, await a_product(pool)


async def label(pool: Pool, sku: str, count: int) -> list[str]:
    made, _ = await do(pool, label_units, LabelUnits(sku=sku, count=count))
    return [unit.serial for unit in made.items]


def pages(document: Document) -> list[list[str]]:
    """The lines of text on each page."""
    sheets = pypdfium2.PdfDocument(document.content)
    return [sheet.get_textpage().get_text_range().splitlines() for sheet in sheets]


async def test_every_piece_gets_a_serial_and_an_address(database: Database) -> None:
    pool, sku = await opened(database)

    made, events = await do(pool, label_units, LabelUnits(sku=sku, count=3))

    serials = [unit.serial for unit in made.items]
    assert events == [UnitsLabelled(sku=sku, serials=serials)]
    assert len(set(serials)) == 3
    assert all(ean.is_valid(serial) and serial.startswith("29") for serial in serials)
    for unit in made.items:
        assert unit == Unit(serial=unit.serial, sku=sku, story_url=f"{HOME}/story/{unit.serial}", labelled_at=NOON)
        assert await do(pool, get_unit, GetUnit(serial=unit.serial)) == unit


async def test_no_two_pieces_share_a_serial_however_many_ask_at_once(database: Database) -> None:
    pool, sku = await opened(database)
    other = await a_product(pool)

    made = await asyncio.gather(*[label(pool, one, 100) for one in (sku, other) * 3])

    assert len({serial for serials in made for serial in serials}) == 600
    counted = await pool.fetch("SELECT sku, count(*) FROM unit GROUP BY sku ORDER BY sku")
    assert [tuple(row) for row in counted] == [(sku, 300), (other, 300)]


async def test_a_request_that_is_repeated_labels_once(database: Database) -> None:
    pool, sku = await opened(database)
    key = uuid4()

    first, again = [await ask(pool, "LabelUnits", {"sku": sku, "count": 5}, key) for _ in range(2)]

    assert again == first
    assert len(first["items"]) == 5
    assert first["items"][0]["story_url"] == f"http://127.0.0.1:8080/story/{first['items'][0]['serial']}"
    assert await pool.fetchval("SELECT count(*) FROM unit") == 5
    assert await pool.fetchval("SELECT count(*) FROM event_log WHERE type = $1", UnitsLabelled.wire) == 1


async def test_the_last_serial_is_given_and_after_it_none(database: Database) -> None:
    pool, sku = await opened(database)
    await pool.execute("ALTER SEQUENCE unit_number RESTART WITH 9999999998")

    with pytest.raises(Rejected, match="serials_used_up"):
        await label(pool, sku, 3)
    assert await pool.fetchval("SELECT count(*) FROM unit") == 0
    await pool.execute("ALTER SEQUENCE unit_number RESTART WITH 9999999999")
    assert [serial[:12] for serial in await label(pool, sku, 1)] == ["299999999999"]
    with pytest.raises(Rejected, match="serials_used_up"):
        await label(pool, sku, 1)


async def test_a_products_pieces_are_listed_by_serial_page_by_page(database: Database) -> None:
    pool, sku = await opened(database)
    made = await label(pool, sku, 3)
    await label(pool, await a_product(pool), 2)
    made += await label(pool, sku, 2)

    first = await do(pool, list_units, ListUnits(sku=sku, limit=3))
    second = await do(pool, list_units, ListUnits(sku=sku, limit=3, cursor=first.next))

    assert [unit.serial for unit in first.items + second.items] == made
    assert (len(first.items), second.next) == (3, None)


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    pool, sku = await opened(database)
    for handle, asked in (
        (label_units, LabelUnits(sku="NONE", count=1)),
        (list_units, ListUnits(sku="NONE")),
        (get_labels, GetLabels(sku="NONE")),
    ):
        with pytest.raises(NotFound, match="product_unknown"):
            await do(pool, handle, asked)
    with pytest.raises(NotFound, match="unit_unknown"):
        await do(pool, get_unit, GetUnit(serial="2900000123458"))
    with pytest.raises(NotFound, match="unit_unknown"):
        await do(pool, get_labels, GetLabels(sku=sku))


async def test_the_labels_asked_for_are_drawn_in_their_order(database: Database) -> None:
    pool, sku = await opened(database)
    made = await label(pool, sku, 30)

    document = await do(pool, get_labels, GetLabels(sku=sku, first=made[2], count=26))

    assert (document.media_type, document.filename) == ("application/pdf", f"labels-{sku}-{made[2]}.pdf")
    printed = [[line.replace(" ", "") for line in page if line.startswith("2 9")] for page in pages(document)]
    assert printed == [made[2:26], made[26:28]]


async def test_a_label_shows_the_price_of_now(database: Database) -> None:
    pool, sku = await opened(database)
    await label(pool, sku, 1)
    hour = timedelta(hours=1)
    await do(pool, products.set_price, SetPrice(sku=sku, price=1_250_000, valid_from=NOON + hour))

    today = await do(pool, get_labels, GetLabels(sku=sku))
    tomorrow = await do(pool, get_labels, GetLabels(sku=sku), now=NOON + hour)

    assert ["Rp700.000" in pages(today)[0], "Rp1.250.000" in pages(tomorrow)[0]] == [True, True]


async def test_labels_of_another_product_are_not_drawn_by_mistake(database: Database) -> None:
    pool, sku = await opened(database)
    other = await a_product(pool)
    (foreign,) = await label(pool, other, 1)
    await label(pool, sku, 1)

    with pytest.raises(NotFound, match=rf"unit_unknown.*{foreign}"):
        await do(pool, get_labels, GetLabels(sku=sku, first=foreign))


async def test_a_sheet_travels_as_a_reply(database: Database) -> None:
    pool, sku = await opened(database)
    await label(pool, sku, 1)

    reply = Document.model_validate(await ask(pool, "GetLabels", {"sku": sku}))

    assert reply.content.startswith(b"%PDF-")
    assert pages(reply)[0][0] == "Parang shawl"


async def ask(pool: Pool, kind: str, data: dict[str, Any], key: UUID | None = None) -> dict[str, Any]:
    """The reply to a request, as the broker would bring it."""
    responder = Responder("catalog", service.commands, service.queries, lambda: NOON)
    envelope = {
        "specversion": "1.0",
        "id": str(key or uuid4()),
        "source": "/tests",
        "type": f"catalog.{kind}.v1",
        "time": NOON.isoformat(),
        "actor": "coordinator:rini",
        "data": data,
    }
    body, _, _ = await responder.respond(pool, json.dumps(envelope).encode())
    reply: dict[str, Any] = json.loads(body)
    return reply
