"""Batches from before lines had items know what they pay: it is paid by no other batch, and nothing is left out."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest

from shared import db
from shared.db import Pool
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, MakeDatabase
from tests.integration.sales.builders import ANI, owed
from tests.integration.sales.moving import NEW
from tests.integration.sales.settling import KOP, check_lines, freeze, items_of, only_line, pay

MIGRATIONS, LINES = SERVICES / "sales" / "migrations", "0026_lines.sql"
PAID, OPEN, CANCELLED = [UUID(int=n) for n in (71, 72, 73)]

# Ani moves on the 15th. 1 and 2 were paid; then 1 came back and 3 was told of; 4 is the new cooperative's; 5 came
# after the open batch was frozen.
BEFORE = f"""
    INSERT INTO account (id, kind, owner) OVERRIDING SYSTEM VALUE VALUES
        (101, 'outlet-receivable', 'citos'), (102, 'outlet-commission', 'citos'), (103, 'maker-payable', '{ANI}'),
        (104, 'cooperative-payable', '{KOP}');
    INSERT INTO outlet (code, name, place, receivable, commission) VALUES ('citos', 'Citos', 'Cilandak', 101, 102);
    INSERT INTO agreement (outlet, valid_from, outlet_bps, programme_bps) VALUES ('citos', '2026-01-01', 2500, 1000);
    INSERT INTO maker (maker_id, account) VALUES ('{ANI}', 103);
    INSERT INTO maker_home (maker_id, since, rusun, cooperative, said_at) VALUES
        ('{ANI}', '2026-01-01', 'pulogebang', '{KOP}', now()), ('{ANI}', '2026-11-15', 'daan-mogot', '{NEW}', now());
    INSERT INTO product (sku, title) VALUES ('BTK-0007', 'Shawl');
    INSERT INTO sale (no, sale_id, report_id, sold_at, unit_price, discount, quantity, line, day, agreed_from, outlet,
                      till, receipt, sku)
    SELECT n, gen_random_uuid(), gen_random_uuid(), day::timestamptz, 100 * n, 0, 1, 1, day::date, '2026-01-01',
           'citos', 'till-1', 'A-' || n, 'BTK-0007'
    FROM unnest(ARRAY['2026-11-11', '2026-11-12', '2026-11-13', '2026-11-16', '2026-11-14'])
         WITH ORDINALITY AS s (day, n);
    INSERT INTO returned (no, return_id, report_id, sale, returned_at, net, quantity, line, original_line, outlet, till,
                          receipt, original_receipt, sku)
    VALUES (6, gen_random_uuid(), gen_random_uuid(), 1, '2026-11-17', 100, 1, 1, 1, 'citos', 'till-1', 'R-1', 'A-1',
            'BTK-0007');
    SELECT setval('fact', 20);
    INSERT INTO payout (no, payout_id, position, day, cooperative) VALUES
        (11, '{PAID}', 2, '2026-11-15', '{KOP}'), (12, '{CANCELLED}', 6, '2026-11-18', '{KOP}'),
        (13, '{OPEN}', 6, '2026-11-19', '{KOP}');
    INSERT INTO payout_line (payout, maker_id, gross, debt, recovery, days) VALUES
        (11, '{ANI}', 300, 0, 0, '{{(,)}}'), (12, '{ANI}', 300, 100, 100, '{{(,2026-11-15)}}'),
        (13, '{ANI}', 300, 100, 100, '{{(,2026-11-15)}}');
    INSERT INTO payout_open (maker_id, payout, days) VALUES ('{ANI}', 13, '{{(,2026-11-15)}}');
    INSERT INTO settlement_step (fact, state, by, at) VALUES
        (11, 'frozen', 'a', now()), (11, 'approved', 'a', now()), (11, 'paid', 'a', now()),
        (12, 'frozen', 'a', now()), (12, 'cancelled', 'a', now()), (13, 'frozen', 'a', now());
    INSERT INTO transfer (id, cause, amount, debit, credit, day, kind) VALUES
        (1, 1, 100, 101, 103, '2026-11-11', 'sale'), (2, 2, 200, 101, 103, '2026-11-12', 'sale'),
        (3, 11, 300, 103, 104, '2026-11-15', 'payout'), (4, 6, 100, 103, 101, '2026-11-17', 'return'),
        (5, 3, 300, 101, 103, '2026-11-13', 'sale'), (6, 4, 400, 101, 103, '2026-11-16', 'sale'),
        (7, 5, 500, 101, 103, '2026-11-14', 'sale');
"""


@pytest.fixture
async def upgraded(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Pool]:
    """Brought up to date with a batch that was paid, one that is open and one that was cancelled."""
    url = await make_database("sales")
    for file in MIGRATIONS.glob("*.sql"):
        if file.name < LINES:
            copy(file, tmp_path)
    pool = await db.open_pool(url, "tests")
    await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await migrate(url, "sales", tmp_path)
    await pool.execute(BEFORE)
    assert LINES in await migrate(url, "sales", MIGRATIONS)
    yield pool
    pool.terminate()


async def test_lines_of_before_list_what_they_pay(upgraded: Pool) -> None:
    assert await check_lines(upgraded) == 2
    seen = [
        [(item.kind, item.receipt, item.amount, item.earned) for item in (await items_of(upgraded, batch)).items]
        for batch in (PAID, OPEN, CANCELLED)
    ]
    assert seen == [
        [("sale", "A-1", 100, True), ("sale", "A-2", 200, True)],
        [("sale", "A-3", 300, True), ("return", "A-1", -100, False)],
        [],
    ]


async def test_what_is_left_is_paid_by_the_cooperative_of_its_day(upgraded: Pool) -> None:
    assert only_line(await freeze(upgraded, NEW)) == (400, 0, 0, 400)
    assert only_line(await freeze(upgraded, KOP)) == (500, 0, 0, 500)


async def test_an_open_batch_of_before_is_paid_as_it_was_frozen(upgraded: Pool) -> None:
    assert (await pay(upgraded, OPEN)).total == 200
    for cooperative in (KOP, NEW):
        await pay(upgraded, (await freeze(upgraded, cooperative)).payout_id)
    assert await owed(upgraded) == 0
