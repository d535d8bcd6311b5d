"""Who should be asked first: those without income, then those whose product was sent back, on a real database."""

from uuid import UUID, uuid4

import pytest

from services.training.handlers import certificates
from shared.contracts.training import (
    Craft,
    ProposalKind,
    RevokeCertificate,
)
from shared.errors import Invalid, NotFound
from tests.integration.training.accompanying import (
    DINI,
    TODAY,
    a_graduate,
    ago,
    assign,
    attention,
    candidates,
    five,
    graduate,
    ranked,
    since,
)
from tests.integration.training.builders import Database, do, enrol, open_cohort, register_rusun

REMEDIAL = ProposalKind.REMEDIAL_SESSION


async def test_those_without_income_come_first_then_those_whose_product_was_sent_back(database: Database) -> None:
    pool = await database("training")
    makers = await five(pool)
    await assign(pool, makers[0], DINI, ago(10))

    seen = (await candidates(pool, craft="batik")).items

    assert [one.maker_id for one in seen] == makers
    assert [one.rank for one in seen] == [1, 2, 3, 4, 5]
    assert [one.standing for one in seen] == ["without-income", "without-income", "sent-back", "others", "others"]
    assert [(one.since, one.days) for one in seen[:3]] == [(ago(90), 90), (ago(70), 70), (ago(5), 5)]
    assert (seen[0].companion, seen[0].last_income, seen[2].sent_back_on) == (DINI, None, ago(100))


async def test_only_makers_with_a_certificate_in_the_craft_are_candidates(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    batik, sewing = await a_graduate(pool, ago(3)), await a_graduate(pool, ago(2), Craft.SEWING)
    both = await a_graduate(pool, ago(1))
    await graduate(pool, both, TODAY, Craft.SEWING)

    assert await ranked(pool, craft="batik") == [batik, both]
    assert await ranked(pool, craft="sewing") == [sewing, both]
    assert await ranked(pool) == [batik, sewing, both]
    assert await ranked(pool, craft="weaving") == []


async def test_whose_certificate_is_revoked_is_no_candidate_but_has_been_trained(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(80))
    [number] = [row["number"] for row in await pool.fetch("SELECT number FROM certificate")]

    revoked = RevokeCertificate(number=number, reason="given for another's work")
    await do(pool, certificates.revoke_certificate, revoked)

    assert await ranked(pool) == []
    assert (await since(pool, maker))["training"] == ago(80), "that she was there is not undone"
    assert [one.maker_id for one in (await attention(pool)).items] == [maker]


async def test_the_pages_of_the_ranking_hold_every_candidate_once(database: Database) -> None:
    pool = await database("training")
    makers, seen = await five(pool), list[UUID]()
    page = await candidates(pool, limit=2)
    while True:
        seen += [one.maker_id for one in page.items]
        if page.next is None:
            break
        page = await candidates(pool, limit=2, cursor=page.next)
        assert page.items[0].rank == len(seen) + 1

    assert seen == makers
    with pytest.raises(Invalid):
        await candidates(pool, cursor="WyIxIl0")


async def test_who_has_a_place_in_the_cohort_is_no_candidate_for_it(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    one, other = await a_graduate(pool, ago(3)), await a_graduate(pool, ago(2))
    await a_graduate(pool, ago(1), Craft.SEWING)
    cohort = await open_cohort(pool)
    await enrol(pool, cohort, one)

    asked = {"for": "remedial-session", "cohort_id": cohort.cohort_id}

    assert await ranked(pool, **asked) == [other]
    with pytest.raises(NotFound):
        await ranked(pool, **(asked | {"cohort_id": uuid4()}))
