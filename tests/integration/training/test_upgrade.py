"""An installation from before seats were offered keeps its waiting line as it stood."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest

from services.training.handlers import seats
from services.training.views import courses as views
from shared import db
from shared.contracts.training import GetCohort
from shared.contracts.training.seats import CancelEnrolment, SetCapacity
from shared.db import Pool
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, MakeDatabase
from tests.integration.training.builders import do

MIGRATIONS = SERVICES / "training" / "migrations"
COHORT = UUID(int=1)
APPLIED = """
    INSERT INTO cooperative VALUES ('kopma', 'Koperasi Kopma');
    INSERT INTO rusun VALUES ('pulogebang', 'Rusunawa Pulogebang', 'kopma', now(), 'coordinator:rini');
    INSERT INTO maker (maker_id, name, phone, language, registered_at, registered_by)
    SELECT format('00000000-0000-0000-0000-%s', lpad(n::text, 12, '0'))::uuid, 'Ibu', '+6281234567890', 'id', now(),
           'coordinator:rini'
    FROM generate_series(1, 5) AS n;
    INSERT INTO cohort (cohort_id, craft, title, rusun, trainer, capacity, required_share, opened_at, opened_by)
    VALUES ('00000000-0000-0000-0000-000000000001', 'batik', 'Batik', 'pulogebang', 'Bu Sri', 2, 75, now(), 'rini');
    INSERT INTO session (session_id, cohort_id, number, planned_start, planned_minutes)
    VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1, now(), 180);
    INSERT INTO enrolment (cohort_id, maker_id, state, position, enrolled_at, enrolled_by)
    SELECT '00000000-0000-0000-0000-000000000001', maker_id, CASE WHEN place < 3 THEN 'enrolled' ELSE 'waitlisted' END,
           CASE WHEN place > 2 THEN place - 2 END, '2026-11-21 05:00+00', 'coordinator:rini'
    FROM (SELECT maker_id, row_number() OVER (ORDER BY maker_id DESC) AS place FROM maker) m;
"""


@pytest.fixture
async def training(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Pool]:
    """Brought up to date after five makers had applied for two seats, who came last by her id first."""
    url = await make_database("training")
    for file in MIGRATIONS.glob("000[12]_*.sql"):
        copy(file, tmp_path)
    pool = await db.open_pool(url, "tests")
    await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await migrate(url, "training", tmp_path)
    await pool.execute(APPLIED)
    assert "0003_courses.sql" in await migrate(url, "training", MIGRATIONS)
    yield pool
    pool.terminate()


async def test_those_who_waited_before_the_upgrade_are_offered_seats_in_their_order(training: Pool) -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    leaves = CancelEnrolment(cohort_id=COHORT, maker_id=UUID(int=5), reason="moves away")

    reply, _ = await do(training, seats.cancel_enrolment, leaves, now)
    more, _ = await do(training, seats.set_capacity, SetCapacity(cohort_id=COHORT, capacity=3), now)

    assert [offer.maker_id.int for offer in (*reply.offers, *more.offers)] == [3, 2]
    assert {offer.expires_at - now for offer in reply.offers} == {timedelta(days=1)}
    seen = await do(training, views.get_cohort, GetCohort(cohort_id=COHORT))
    assert [(one.maker_id.int, one.position) for one in seen.enrolments if one.position] == [(1, 1)]
