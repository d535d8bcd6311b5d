"""What one maker has submitted: an office may ask, a juror may not."""

import pytest

from services.catalog.views import selection as views
from shared.contracts.catalog import ListSubmissions
from shared.contracts.training import Craft
from shared.errors import Rejected
from tests.integration.catalog.builders import ANI, WATI, Database, do, register, submit


async def test_submissions_are_listed_by_maker_and_by_craft(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI, WATI)
    hers, both = await submit(pool, ANI), await submit(pool, WATI, ANI, craft=Craft.SEWING)
    theirs = await submit(pool, WATI)

    async def listed(**asked: object) -> list[object]:
        found = await do(pool, views.list_submissions, ListSubmissions.model_validate(asked))
        return [one.submission_id for one in found.items]

    assert await listed(maker_id=ANI) == [both.submission_id, hers.submission_id]
    assert await listed(craft="batik") == [theirs.submission_id, hers.submission_id]
    assert await listed(craft="batik", maker_id=ANI) == [hers.submission_id]


async def test_a_juror_does_not_find_out_whose_work_she_judges(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    await submit(pool)

    with pytest.raises(Rejected, match="judged_blind"):
        await do(pool, views.list_submissions, ListSubmissions(maker_id=ANI), "juror:dewi")
