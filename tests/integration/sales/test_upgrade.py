"""An installation from before tills were watched and claims were told of knows what it had booked until then."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest

from shared import db
from shared.contracts.sales.goods import ClaimOpened
from shared.contracts.sales.tills import FindingOpened, TillTiedOut
from shared.db import Pool
from shared.runtime.decode import Decoder
from shared.runtime.envelope import join
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, MakeDatabase
from tests.integration.sales.watching import LATER, a_closing, close, hear_numbers, look, of_kind

MIGRATIONS = SERVICES / "sales" / "migrations"
DELIVERY = UUID("01a1f0d1-7a00-7000-8000-00000000d001")

BOOKED = f"""
    INSERT INTO account (kind, owner) VALUES ('outlet-receivable', 'citos'), ('outlet-commission', 'citos');
    INSERT INTO outlet (code, name, place, receivable, commission)
    SELECT 'citos', 'Citos', 'Cilandak', min(id), max(id) FROM account;
    INSERT INTO product (sku, title) VALUES ('BTK-0007', 'Shawl');
    INSERT INTO sale (sale_id, report_id, sold_at, unit_price, discount, till_seq, quantity, line, day, agreed_from,
                      outlet, till, receipt, sku)
    SELECT gen_random_uuid(), gen_random_uuid(), '2026-11-21 03:00+00', 700, 100, seq, 2, 1, '2026-11-21', '2026-01-01',
           'citos', 'till-1', 'A-' || seq, 'BTK-0007'
    FROM unnest(ARRAY[3, 5, 6]) AS s (seq);
    INSERT INTO returned (return_id, report_id, sale, returned_at, net, quantity, line, original_line, outlet, till,
                          receipt, original_receipt, sku)
    SELECT gen_random_uuid(), gen_random_uuid(), no, at::timestamptz, 650, 1, 1, 1, 'citos', 'till-1', at, receipt, sku
    FROM sale, unnest(ARRAY['2026-11-19 17:30+00', '2026-11-20 17:30+00']) AS r (at) WHERE till_seq = 3;
    INSERT INTO delivery (delivery_id, note_number, dispatched_at, received_at, outlet)
    VALUES ('{DELIVERY}', 'SJ-2026-00001', '2026-11-20 05:00+00', '2026-11-21 05:00+00', 'citos');
    INSERT INTO delivery_line (delivery, position, sku, sent, received, damaged)
    SELECT no, 1, 'BTK-0007', 10, 7, 2 FROM delivery;
"""


@pytest.fixture
async def sales(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Pool]:
    """Brought up to date after it had been in use with the first four migrations."""
    url = await make_database("sales")
    for file in MIGRATIONS.glob("000[1-4]_*.sql"):
        copy(file, tmp_path)
    pool = await db.open_pool(url, "tests")
    await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert (await migrate(url, "sales", tmp_path))[-1] == "0004_ledger.sql"
    await pool.execute(BOOKED)
    assert "0013_before.sql" in await migrate(url, "sales", MIGRATIONS)
    yield pool
    pool.terminate()


async def test_a_day_that_began_before_the_upgrade_ties_out(sales: Pool) -> None:
    """A return at half past midnight in Jakarta is of that day."""
    await close(sales, a_closing(events=4, total=3 * 1_300 - 650))
    await close(sales, a_closing(business_date="2026-11-20", events=1, total=-650))
    tied = of_kind(await look(sales, LATER), TillTiedOut)
    assert sorted([event.business_date.isoformat() for event in tied]) == ["2026-11-20", "2026-11-21"]


async def test_numbers_of_before_are_neither_missed_nor_given_again(sales: Pool) -> None:
    """The number of the return, 4 perhaps, was not kept."""
    await hear_numbers(sales, 7, 2, 4)
    assert of_kind(await look(sales, LATER), FindingOpened) == []
    await hear_numbers(sales, 9)
    await look(sales)
    (gap,) = of_kind(await look(sales, LATER), FindingOpened)
    assert gap.kind == "sequence-gap"


async def test_claims_of_before_are_told_of(sales: Pool) -> None:
    rows = await sales.fetch("SELECT l.envelope FROM outbox JOIN event_log l USING (day, id)")
    batch = Decoder([ClaimOpened]).decode(join([row["envelope"] for row in rows]), datetime.now(UTC))
    assert batch.unreadable == []
    claims = [message.data for message in batch.readable]
    assert {(claim.delivery_id, claim.sku, claim.kind, claim.quantity) for claim in claims} == {
        (DELIVERY, "BTK-0007", "missing", 1),
        (DELIVERY, "BTK-0007", "damaged", 2),
    }
    kept = await sales.fetch("SELECT claim_id FROM claim")
    assert {claim.claim_id for claim in claims} == {row["claim_id"] for row in kept}
