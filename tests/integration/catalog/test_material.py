"""Batik is batik, and what comes from animals comes with its halal certificate from the rule's day on."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.catalog.handlers import selection
from services.catalog.views import selection as views
from shared.contracts.catalog import ListSubmissions, Submission, Verdict
from shared.contracts.training import Craft
from shared.db import Pool
from shared.errors import Invalid, Rejected
from tests.integration.catalog.builders import ANI, NOON, Database, a_shawl, do, register
from tests.integration.catalog.juries import DEWI, agree, decide, hand_in_again, later, score, send_back

THE_DAY = datetime.fromisoformat("2026-10-17T00:00:00+07:00")


@pytest.fixture
async def pool(database: Database) -> Pool:
    """Ani is registered."""
    pool = await database("catalog")
    await register(pool, ANI)
    return pool


async def hand_in(pool: Pool, **said: Any) -> Submission:
    submission, _ = await do(pool, selection.submit_product, a_shawl().model_copy(update=said))
    return submission


async def a_judged_bag(pool: Pool, **said: Any) -> Submission:
    """Of leather."""
    terms = {"craft": Craft.SEWING, "technique": "jahit tangan", "contains_animal_material": True}
    submission = await hand_in(pool, **(terms | said))
    await score(pool, submission, DEWI)
    return submission


async def test_from_the_rules_day_on_leather_needs_its_halal_certificate(pool: Pool) -> None:
    bag = await a_judged_bag(pool)

    with pytest.raises(Rejected, match=r"halal_certificate_missing.*2026-10-17"):
        await decide(pool, bag, now=THE_DAY)

    assert (await decide(pool, bag, now=THE_DAY - timedelta(seconds=1))).state == "approved"


async def test_before_that_day_it_is_a_caution(pool: Pool) -> None:
    await a_judged_bag(pool)
    day_before = THE_DAY - timedelta(days=1)

    (seen,) = (await do(pool, views.list_submissions, ListSubmissions(), now=day_before)).items

    assert [caution.code for caution in seen.cautions] == ["halal_certificate_missing"]
    assert "2026-10-17" in seen.cautions[0].detail


async def test_with_its_certificate_it_is_approved(pool: Pool) -> None:
    bag = await a_judged_bag(pool, halal_certificate="ID31110000123456789")

    decided = await decide(pool, bag)

    assert (decided.state, decided.cautions) == ("approved", [])


async def test_it_may_be_sent_back_for_its_certificate_and_come_again_with_it(pool: Pool) -> None:
    bag = await a_judged_bag(pool)
    await send_back(pool, bag, tags=["animal-material"])

    await hand_in_again(pool, bag, halal_certificate="ID31110000123456789")
    await score(pool, bag, DEWI)

    assert (await decide(pool, bag)).state == "approved"


async def test_the_day_is_moved_by_a_later_configuration(pool: Pool) -> None:
    bag = await a_judged_bag(pool)
    await agree(pool, later(minutes=1), halal_from=later(days=400))
    await agree(pool, later(days=2), quorum=1)

    with pytest.raises(Rejected, match="halal_certificate_missing"):
        await decide(pool, bag, now=NOON)

    assert (await decide(pool, bag, now=later(days=3))).state == "approved"


async def test_when_nobody_said_whether_it_is_from_animals_that_is_a_caution_and_no_obstacle(pool: Pool) -> None:
    shawl = await hand_in(pool)
    await score(pool, shawl, DEWI)

    decided = await decide(pool, shawl)

    assert (decided.state, [caution.code for caution in decided.cautions]) == ("approved", ["animal_material_unknown"])


async def test_what_has_nothing_of_animals_is_clear(pool: Pool) -> None:
    assert (await hand_in(pool, contains_animal_material=False)).cautions == []


@pytest.mark.parametrize("verdict", [Verdict.CHANGES, Verdict.REJECT])
async def test_a_no_needs_no_certificate(pool: Pool, verdict: Verdict) -> None:
    assert (await decide(pool, await a_judged_bag(pool), verdict)).tags == ["finish"]


async def test_batik_is_made_with_hot_wax(pool: Pool) -> None:
    assert (await hand_in(pool, technique="Canting Tulis")).technique == "tulis"
    with pytest.raises(Invalid, match="technique_unknown"):
        await hand_in(pool, technique="colet")
    with pytest.raises(Rejected, match="printed_is_no_batik"):
        await hand_in(pool, technique="printing")
    with pytest.raises(Rejected, match="printed_is_no_batik"):
        bag = {"craft": Craft.SEWING, "title": "Tas batik", "technique": "jahit mesin", "material": "kain printing"}
        await hand_in(pool, **bag)

    assert await pool.fetchval("SELECT count(*) FROM submission") == 1
