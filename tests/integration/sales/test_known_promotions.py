"""What the catalog tells of promotions, floors and labels."""

from datetime import timedelta
from typing import Any

import pytest

from services.sales.domain.pricing import Funding, Promotion
from services.sales.domain.units import Unit
from services.sales.handlers import known
from services.sales.storage.promotions import get_promotions
from services.sales.storage.units import add_units
from shared.contracts.catalog import PriceChanged, PromotionEnded, PromotionScheduled, UnitsLabelled
from shared.db import Pool
from shared.errors import Conflict, NotYet
from shared.runtime.parked import of_refused
from shared.runtime.parked.storage import add_parked
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    WATI,
    Database,
    a_product,
    a_sale,
    hear,
    know_products,
    received,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SERIALS = ["2900000000018", "2900000000025", "2900000000032"]


def scheduled(promo_id: str = "MERDEKA", **other: Any) -> PromotionScheduled:
    """15 % off everything, everywhere, for a day."""
    terms: dict[str, Any] = {"title": "Independence day", "discount_bps": 1500, "funded_by": "everyone"}
    window = {"valid_from": NOON, "valid_to": NOON + DAY}
    return PromotionScheduled.model_validate({"promo_id": promo_id} | terms | window | other)


def ended(hours: int) -> PromotionEnded:
    return PromotionEnded(promo_id="MERDEKA", ends_at=NOON + hours * HOUR)


async def get(pool: Pool, *promo_ids: str) -> dict[str, Promotion]:
    async with pool.acquire() as tx:
        return await get_promotions(tx, promo_ids)


async def units(pool: Pool) -> dict[str, tuple[str, str, str | None]]:
    rows = await pool.fetch("SELECT serial, sku, state, outlet FROM unit ORDER BY serial")
    return {row["serial"]: (row["sku"], row["state"], row["outlet"]) for row in rows}


async def test_a_promotion_is_known_with_all_its_terms(database: Database) -> None:
    pool = await database("sales")
    paid = {"outlet_bps": 2500, "programme_bps": 7500, "makers_bps": 0}
    narrow = scheduled("NARROW", skus=[SHAWL], crafts=["batik"], outlets=["citos", "pim"], funded_by=paid)
    await hear(pool, known.schedule_promotion, narrow, scheduled("WIDE", discount_bps=500))

    window: dict[str, Any] = {"valid_from": NOON, "valid_to": NOON + DAY}
    lists: dict[str, Any] = {
        "skus": frozenset({SHAWL}),
        "crafts": frozenset({"batik"}),
        "outlets": frozenset({"citos", "pim"}),
    }
    everything: dict[str, Any] = dict.fromkeys(lists, frozenset[str]())
    assert await get(pool, "NARROW", "WIDE", "UNKNOWN") == {
        "NARROW": Promotion(discount_bps=1500, funding=Funding(2500, 7500, 0), **lists, **window),
        "WIDE": Promotion(discount_bps=500, funding=None, **everything, **window),
    }
    assert await get(pool) == {}


async def test_an_id_is_one_promotion(database: Database) -> None:
    pool = await database("sales")
    await hear(pool, known.schedule_promotion, scheduled())
    with pytest.raises(Conflict, match="promotion_exists"):
        await hear(pool, known.schedule_promotion, scheduled(discount_bps=9000))
    assert (await get(pool, "MERDEKA"))["MERDEKA"].discount_bps == 1500


async def test_an_end_waits_for_its_promotion(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(NotYet, match="promotion_unknown"):
        await hear(pool, known.end_promotion, ended(2))
    await hear(pool, known.schedule_promotion, scheduled())
    await hear(pool, known.end_promotion, ended(2))
    assert (await get(pool, "MERDEKA"))["MERDEKA"].valid_to == NOON + 2 * HOUR


@pytest.mark.parametrize("hours", [(5, 2), (2, 5)])
async def test_the_earliest_end_counts_in_any_order(database: Database, hours: tuple[int, int]) -> None:
    pool = await database("sales")
    await hear(pool, known.schedule_promotion, scheduled())
    for one in hours:
        await hear(pool, known.end_promotion, ended(one))
    assert (await get(pool, "MERDEKA"))["MERDEKA"].valid_to == NOON + 2 * HOUR


async def test_a_promotion_that_was_called_off_never_holds(database: Database) -> None:
    pool = await database("sales")
    await hear(pool, known.schedule_promotion, scheduled())
    await hear(pool, known.end_promotion, ended(-2))
    found = (await get(pool, "MERDEKA"))["MERDEKA"]
    assert found.valid_to < found.valid_from


async def test_a_price_is_known_with_its_floor_and_a_product_with_its_craft(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    low = a_product("BTK-0008", {ANI: 1, WATI: 1}).model_copy(update={"floor": 600_000})
    await hear(pool, known.list_product, low)
    later = PriceChanged(sku="BTK-0008", price=500_000, floor=400_000, valid_from=NOON + HOUR)
    await hear(pool, known.change_price, later, later.model_copy(update={"valid_from": NOON + DAY, "floor": None}))

    floors = await pool.fetch("SELECT floor FROM product_price WHERE sku = 'BTK-0008' ORDER BY valid_from")
    assert [row["floor"] for row in floors] == [600_000, 400_000, None]
    assert await pool.fetchval("SELECT craft FROM product WHERE sku = 'BTK-0008'") == "batik"


async def test_the_last_word_on_a_moment_brings_its_floor_with_it(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    early = PriceChanged(sku=SHAWL, price=700_000, floor=650_000, valid_from=NOON + DAY)
    late = PriceChanged(sku=SHAWL, price=500_000, valid_from=NOON + DAY)
    async with pool.acquire() as tx, tx.transaction():
        await known.change_price([received(late, now=NOON + HOUR), received(early, now=NOON)], tx)
    row = await pool.fetchrow("SELECT price, floor FROM product_price WHERE valid_from = $1", NOON + DAY)
    assert tuple(row or ()) == (500_000, None)


async def test_a_labelled_piece_can_be_told_by_its_serial(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=SERIALS[:2]))
    await hear(pool, known.know_units, UnitsLabelled(sku=POUCH, serials=SERIALS[2:]))
    assert await units(pool) == {
        SERIALS[0]: (SHAWL, "labelled", None),
        SERIALS[1]: (SHAWL, "labelled", None),
        SERIALS[2]: (POUCH, "labelled", None),
    }


async def test_labels_wait_for_their_product(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(NotYet, match="sku_unknown"):
        await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=SERIALS))
    assert await units(pool) == {}


async def test_a_piece_that_was_seen_before_its_label_was_told_of_stays_where_it_is(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    async with pool.acquire() as tx, tx.transaction():
        await add_units(tx, [Unit(SERIALS[0], SHAWL, "at-outlet", "citos", 7, NOON)])
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=SERIALS[:2]))
    assert await units(pool) == {
        SERIALS[0]: (SHAWL, "at-outlet", "citos"),
        SERIALS[1]: (SHAWL, "labelled", None),
    }


async def test_a_sale_that_waits_for_a_label_is_tried_again_at_once(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    sales = [a_sale(receipt=serial, serial=serial) for serial in SERIALS[:2]]
    async with pool.acquire() as tx, tx.transaction():
        waiting = [of_refused(received(sale), NotYet("serial_unknown", "no label")) for sale in sales]
        await add_parked(tx, waiting, NOON)
    due = "SELECT serial FROM parked WHERE next_try_at <= $1"
    assert await pool.fetch(due, NOON) == []

    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=SERIALS[:1]))

    assert [row["serial"] for row in await pool.fetch(due, NOON)] == SERIALS[:1]
