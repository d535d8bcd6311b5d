"""Promotions on a real database: scheduled once, told whole, ended earlier and never later."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.catalog.handlers import promotions
from services.catalog.views import promotions as views
from shared.contracts.catalog import (
    EndPromotion,
    FundedBy,
    GetPromotion,
    ListPromotions,
    Promotion,
    PromotionEnded,
    PromotionScheduled,
    PromotionTerms,
    SchedulePromotion,
)
from shared.contracts.training import Craft
from shared.db import Pool
from shared.errors import Conflict, Invalid, NotFound, Rejected
from tests.integration.catalog.builders import ANI, NOON, Database, a_product, do, register

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_plan(promo_id: str = "MERDEKA", **other: Any) -> SchedulePromotion:
    """15 % off everything, everywhere, for a day from an hour ahead on."""
    terms: dict[str, Any] = {"title": "Independence day", "discount_bps": 1500, "funded_by": "everyone"}
    window = {"valid_from": NOON + HOUR, "valid_to": NOON + DAY}
    return SchedulePromotion.model_validate({"promo_id": promo_id} | terms | window | other)


async def schedule(pool: Pool, **other: Any) -> Promotion:
    promotion, _ = await do(pool, promotions.schedule_promotion, a_plan(**other))
    return promotion


async def state(pool: Pool, hours: float) -> str:
    promotion = await do(pool, views.get_promotion, GetPromotion(promo_id="MERDEKA"), now=NOON + timedelta(hours=hours))
    return promotion.state


async def test_a_promotion_is_told_with_all_its_terms(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    skus = [await a_product(pool), await a_product(pool)]
    paid = FundedBy(outlet_bps=2500, programme_bps=7500, makers_bps=0)
    plan = a_plan(skus=skus, crafts=["batik", "weaving"], outlets=["citos", "pim"], funded_by=paid.model_dump())

    promotion, events = await do(pool, promotions.schedule_promotion, plan)

    assert events == [PromotionScheduled(**plan.model_dump())]
    assert (events[0].subject, plan.funded_by, plan.crafts) == ("MERDEKA", paid, [Craft.BATIK, Craft.WEAVING])
    assert {name: getattr(promotion, name) for name in PromotionTerms.model_fields} == dict(plan)
    assert (promotion.state, promotion.ends_at, promotion.scheduled_at) == ("scheduled", None, NOON)
    assert await do(pool, views.get_promotion, GetPromotion(promo_id="MERDEKA")) == promotion


async def test_a_promotion_that_everyone_funds_comes_back_as_such(database: Database) -> None:
    pool = await database("catalog")
    promotion = await schedule(pool)
    assert (promotion.funded_by, promotion.skus, promotion.crafts, promotion.outlets) == ("everyone", [], [], [])


async def test_an_id_is_one_promotion_also_when_two_ask_at_once(database: Database) -> None:
    pool = await database("catalog")
    plans = [a_plan(discount_bps=bps) for bps in (1000, 2000, 3000)]

    answers = await asyncio.gather(
        *[do(pool, promotions.schedule_promotion, plan) for plan in plans], return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert [answer.code for answer in refused] == ["promotion_exists"] * 2
    assert await pool.fetchval("SELECT count(*) FROM promotion") == 1


async def test_a_promotion_of_an_unknown_product_is_refused(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    sku = await a_product(pool)

    with pytest.raises(Rejected, match=r"sku_unknown.*no product BTK-0404, BTK-0403"):
        await schedule(pool, skus=["BTK-0404", sku, "BTK-0403"])
    with pytest.raises(Invalid, match="valid_to"):
        await schedule(pool, valid_to=NOON + HOUR)

    assert await pool.fetchval("SELECT count(*) FROM promotion") == 0


async def test_promotions_may_overlap(database: Database) -> None:
    pool = await database("catalog")
    await schedule(pool)
    await schedule(pool, promo_id="AKHIR-TAHUN")
    assert await pool.fetchval("SELECT count(*) FROM promotion") == 2


async def test_a_promotion_is_ended_now_or_at_a_moment_ahead(database: Database) -> None:
    pool = await database("catalog")
    await schedule(pool)
    assert [await state(pool, hours) for hours in (0, 1, 23.9, 24)] == ["scheduled", "running", "running", "ended"]

    later = EndPromotion(promo_id="MERDEKA", ends_at=NOON + 6 * HOUR)
    planned, told = await do(pool, promotions.end_promotion, later, now=NOON + 2 * HOUR)
    assert told == [PromotionEnded(promo_id="MERDEKA", ends_at=NOON + 6 * HOUR)]
    assert (planned.state, planned.ends_at, planned.valid_to) == ("running", NOON + 6 * HOUR, NOON + DAY)
    now = NOON + 3 * HOUR
    ended, told = await do(pool, promotions.end_promotion, EndPromotion(promo_id="MERDEKA"), now=now)
    assert told == [PromotionEnded(promo_id="MERDEKA", ends_at=now)]
    assert (ended.state, ended.ends_at) == ("ended", now)
    assert [await state(pool, hours) for hours in (2.9, 3)] == ["running", "ended"]


async def test_a_promotion_that_has_not_begun_can_be_called_off(database: Database) -> None:
    pool = await database("catalog")
    await schedule(pool)
    await do(pool, promotions.end_promotion, EndPromotion(promo_id="MERDEKA"))
    assert [await state(pool, hours) for hours in (0, 2, 25)] == ["ended"] * 3


async def test_an_end_in_the_past_or_later_than_planned_changes_nothing(database: Database) -> None:
    pool = await database("catalog")
    await schedule(pool)
    ends = {"end_in_the_past": NOON - HOUR, "promotion_ends_earlier": NOON + DAY}

    for code, ends_at in ends.items():
        with pytest.raises(Rejected, match=code):
            await do(pool, promotions.end_promotion, EndPromotion(promo_id="MERDEKA", ends_at=ends_at))

    assert await pool.fetchval("SELECT ends_at FROM promotion") is None


async def test_an_unknown_promotion_is_not_found(database: Database) -> None:
    pool = await database("catalog")
    with pytest.raises(NotFound, match="promotion_unknown"):
        await do(pool, views.get_promotion, GetPromotion(promo_id="NONE"))
    with pytest.raises(NotFound, match="promotion_unknown"):
        await do(pool, promotions.end_promotion, EndPromotion(promo_id="NONE"))


async def test_promotions_are_listed_newest_first_page_by_page(database: Database) -> None:
    pool = await database("catalog")
    for number in range(5):
        await schedule(pool, promo_id=f"P{number}")

    first = await do(pool, views.list_promotions, ListPromotions(limit=3))
    second = await do(pool, views.list_promotions, ListPromotions(limit=3, cursor=first.next))

    assert [[one.promo_id for one in page.items] for page in (first, second)] == [["P4", "P3", "P2"], ["P1", "P0"]]
    assert second.next is None


async def test_those_that_hold_at_a_moment_can_be_asked_for(database: Database) -> None:
    pool = await database("catalog")
    await schedule(pool, promo_id="WHOLE")
    await schedule(pool, promo_id="SHORT", valid_to=NOON + 2 * HOUR)
    await schedule(pool, promo_id="CUT")
    await do(pool, promotions.end_promotion, EndPromotion(promo_id="CUT", ends_at=NOON + 3 * HOUR))

    async def held(hours: int) -> set[str]:
        page = await do(pool, views.list_promotions, ListPromotions(valid_at=NOON + hours * HOUR))
        return {promotion.promo_id for promotion in page.items}

    assert [await held(hours) for hours in range(4)] == [
        set(),
        {"WHOLE", "SHORT", "CUT"},
        {"WHOLE", "CUT"},
        {"WHOLE"},
    ]
