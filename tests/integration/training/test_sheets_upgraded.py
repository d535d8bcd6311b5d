"""An installation that has taken sheets before minutes were told apart from what they follow from goes on with them."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest

from services.training.handlers import amendments
from services.training.views import certificates as views
from shared import db
from shared.contracts.training import AmendSession, Certificate, GetCertificate
from shared.db import Pool
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, MakeDatabase
from tests.integration.training.builders import do

MIGRATIONS = SERVICES / "training" / "migrations"
COHORT, SESSION = UUID(int=100), UUID(int=101)
BOOKED = f"""
    INSERT INTO cooperative VALUES ('kop', 'Kop');
    INSERT INTO rusun VALUES ('rusun', 'Rusun', 'kop', '2026-01-01 00:00+00', 'rini');
    INSERT INTO maker (maker_id, name, phone, language, registered_at, registered_by)
    SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'Ani', '+6281234567890', 'id', '2026-01-01 00:00+00', 'r'
    FROM generate_series(1, 4) AS m (n);
    INSERT INTO cohort (cohort_id, craft, title, rusun, trainer, capacity, required_share, opened_at, opened_by)
    VALUES ('{COHORT}', 'batik', 'Batik', 'rusun', 'Bu Sri', 35, 75, '2026-01-01 00:00+00', 'rini');
    INSERT INTO session VALUES ('{SESSION}', '{COHORT}', 1, '2026-02-01 02:00+00', 180,
                                '2026-02-01 02:00+00', 300, NULL, '2026-02-01 09:00+00', 'rini');
    INSERT INTO enrolment SELECT '{COHORT}', maker_id, 'enrolled', NULL, '2026-01-02 00:00+00', 'rini' FROM maker;
    INSERT INTO attendance (session_id, cohort_id, maker_id, status, minutes, recorded_at, recorded_by)
    SELECT '{SESSION}', '{COHORT}', ('00000000-0000-0000-0000-00000000000' || n)::uuid, status, minutes,
           '2026-02-01 09:00+00', 'rini'
    FROM (VALUES (1, 'present', 300), (2, 'present', 250), (3, 'late', 200), (4, 'absent', 0))
        AS s (n, status, minutes);
    INSERT INTO certificate VALUES ('KR-2026-BTK-00001', '{UUID(int=1)}', '{COHORT}', 300, '2026-02-02');
"""


@pytest.fixture
async def training(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Pool]:
    """Brought up to date after it had been in use with the first migration."""
    url = await make_database("training")
    copy(MIGRATIONS / "0001_programme.sql", tmp_path)
    pool = await db.open_pool(url, "tests")
    await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await migrate(url, "training", tmp_path)
    await pool.execute(BOOKED)
    assert "0004_sessions.sql" in await migrate(url, "training", MIGRATIONS)
    yield pool
    pool.terminate()


async def test_who_was_there_for_all_of_it_still_is_when_the_session_is_set_right(training: Pool) -> None:
    asked = AmendSession(session_id=SESSION, actual_minutes=330, reason="the clock was wrong")

    amended, _ = await do(training, amendments.amend_session, asked)

    assert [(mark.maker_id, mark.minutes) for mark in amended.amendment.marks] == [(UUID(int=1), 330)]
    assert (amended.attended, amended.attended_minutes) == (3, 330 + 250 + 200)


async def test_a_certificate_from_before_is_valid(training: Pool) -> None:
    found: Certificate = await do(training, views.get_certificate, GetCertificate(number="KR-2026-BTK-00001"))

    assert (found.state, found.replaces, found.replaced_by) == ("valid", None, None)
