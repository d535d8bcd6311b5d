"""An installation from before there were rounds and criteria goes on where it stood."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from services.catalog.views import selection as views
from shared import db
from shared.contracts.catalog import Criterion, ListSubmissions, Submission
from shared.db import Pool
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, MakeDatabase
from tests.integration.catalog.builders import ANI, NOON, do, submit
from tests.integration.catalog.juries import DEWI, SARI, decide, hand_in_again, score, seen_by

MIGRATIONS = SERVICES / "catalog" / "migrations"
SCORES = ", ".join([f'"{criterion}": 7' for criterion in Criterion])
STATES = {"submitted": None, "in-review": None, "changes-requested": NOON, "approved": NOON, "rejected": NOON}

USED = f"""
    INSERT INTO maker VALUES ('{ANI}');
    INSERT INTO submission (submission_id, title, craft, technique, material, hours, asking_price, state, reasons,
                            submitted_at, submitted_by, decided_at, decided_by)
    SELECT gen_random_uuid(), state, 'batik', 'colet', 'katun', 4, 700000, state, ARRAY['jahitan longgar'],
           '{NOON}', 'coordinator:rini', decided_at::timestamptz, CASE WHEN decided_at > '' THEN 'coordinator:rini' END
    FROM unnest($1::text[], $2::text[]) AS s (state, decided_at);
"""
REVIEWED = f"""
    INSERT INTO submission_maker SELECT submission_id, 1, '{ANI}', 1 FROM submission;
    INSERT INTO review (submission_id, juror, scores, score, reviewed_at)
    SELECT submission_id, '{DEWI}', '{{{SCORES}}}', 700, '{NOON}' FROM submission WHERE state <> 'submitted';
    INSERT INTO product (sku, submission_id, title, craft, technique, material, approved_at)
    SELECT 'BTK-0001', submission_id, title, craft, technique, material, '{NOON}' FROM submission
    WHERE state = 'approved';
"""


@pytest.fixture
async def catalog(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Pool]:
    """Brought up to date after it had been in use with the first four migrations."""
    url = await make_database("catalog")
    for file in MIGRATIONS.glob("000[1-4]_*.sql"):
        copy(file, tmp_path)
    pool = await db.open_pool(url, "tests")
    await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert (await migrate(url, "catalog", tmp_path))[-1] == "0004_units.sql"
    first, _, rest = USED.strip().partition(";")
    await pool.execute(first)
    moments = [at and at.isoformat() for at in STATES.values()]
    await pool.execute(rest.strip().removesuffix(";"), list(STATES), moments)
    await pool.execute(REVIEWED)
    assert "0005_criteria_and_rounds.sql" in await migrate(url, "catalog", MIGRATIONS)
    yield pool
    pool.terminate()


async def by_state(catalog: Pool) -> dict[str, Submission]:
    listed = await do(catalog, views.list_submissions, ListSubmissions())
    return {one.title: one for one in listed.items}


async def test_what_was_submitted_stands_where_it_stood(catalog: Pool) -> None:
    found = await by_state(catalog)

    told: dict[str, Any] = {title: (one.state, one.round, one.score) for title, one in found.items()}
    assert told == {state: (state, 1, None if state == "submitted" else 700) for state in STATES}
    assert found["approved"].sku == "BTK-0001"


async def test_whoever_was_told_no_has_a_way_forward_now(catalog: Pool) -> None:
    found = await by_state(catalog)

    assert {title for title, one in found.items() if one.way_forward} == {"changes-requested", "rejected"}
    assert found["rejected"].reasons == ["jahitan longgar"]


async def test_what_waited_is_judged_by_what_the_programme_began_with(catalog: Pool) -> None:
    found = await by_state(catalog)
    await score(catalog, found["in-review"], SARI, 6)

    assert (await decide(catalog, found["in-review"])).score == 650


async def test_what_was_sent_back_comes_again(catalog: Pool) -> None:
    sent_back = (await by_state(catalog))["changes-requested"]

    again = await hand_in_again(catalog, sent_back, technique="tulis")

    seen = await seen_by(catalog, again, "coordinator:rini")
    assert [(one.round, one.score, one.technique) for one in seen.rounds] == [(1, 700, "colet"), (2, None, "tulis")]
    assert (await submit(catalog)).round == 1
