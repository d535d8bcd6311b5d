"""Whatever becomes of the reports of a delivery, many take as many statements as two."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from services.sales.handlers import known
from services.sales.watch import tills
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.outlets import TillReport
from shared.db import Pool
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    hear,
    open_outlet,
    open_shop,
)
from tests.integration.sales.till_road import Road
from tests.integration.sales.watching import GRACE, LATER, a_closing, findings

FEW, MANY = 2, 30
HOUR = timedelta(hours=1)


def label(n: int) -> str:
    return f"29{n:011}"


def told_before(n: int) -> list[TillReport]:
    return [
        a_sale(receipt=f"A{n}", line=1, quantity=3, unit_price=333_333, discount=1),
        a_sale(receipt=f"A{n}", line=2, serial=label(n)),
        a_sale(receipt=f"V{n}", serial=label(n + 1_000)),
        a_void(receipt=f"W{n}"),
        a_closing(till=f"till-{n}"),
    ]


def one_of_each(n: int) -> dict[str, TillReport]:
    """By what becomes of it."""
    nothing: dict[str, Any] = {"original_receipt": None, "original_line": None}
    return {
        "sold": a_sale(receipt=f"S{n}", till_seq=n),
        "sold from nothing": a_sale(receipt=f"S{n}", line=2, sku=POUCH, quantity=4),
        "a piece is sold": a_sale(receipt=f"S{n}", line=3, serial=label(n + 2_000)),
        "a duplicate": a_sale(receipt=f"A{n}", line=2, serial=label(n), till_seq=7),
        "receipt_line_changed": a_sale(receipt=f"A{n}", unit_price=1, quantity=3),
        "serial_already_sold": a_sale(receipt=f"S{n}", line=4, serial=label(n)),
        "sku_unknown": a_sale(receipt=f"S{n}", line=5, sku="XXX-0001"),
        "sold_in_the_future": a_sale(receipt=f"S{n}", line=6, sold_at=NOON + HOUR),
        "a line of a voided receipt": a_sale(receipt=f"W{n}"),
        "back": a_return(receipt=f"C{n}", original_receipt=f"A{n}", quantity=2),
        "a piece is back": a_return(receipt=f"C{n}", line=2, serial=label(n + 1_000), **nothing),
        "back elsewhere": a_return(receipt=f"C{n}", outlet="pim", original_outlet="citos", original_receipt=f"A{n}"),
        "more_than_sold": a_return(receipt=f"C{n}", line=4, original_receipt=f"A{n}", quantity=9),
        "sale_not_recorded": a_return(receipt=f"C{n}", line=5, original_receipt=f"never-{n}"),
        "return_without_original": a_return(receipt=f"C{n}", line=6, **nothing),
        "voided": a_void(receipt=f"S{n}"),
        "receipt_not_recorded": a_void(receipt=f"never-{n}"),
        "closed": a_closing(till=f"till-{n + 1_000}"),
        "till_closed_changed": a_closing(till=f"till-{n}", total=1),
    }


async def test_many_reports_of_every_kind_take_as_many_statements_as_two(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    serials = [label(n + thousand) for n in range(FEW + MANY) for thousand in (0, 1_000, 2_000)]
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=serials))
    road = Road(pool)
    await road.bring(*[report for n in range(FEW + MANY) for report in told_before(n)])
    counts, codes = [], []
    for numbers in (range(FEW), range(FEW, FEW + MANY)):
        asked: list[object] = []
        async with pool.acquire() as tx, tx.transaction():
            tx.add_query_logger(asked.append)
            await road.bring_within(tx, *[report for n in numbers for report in one_of_each(n).values()])
            await asyncio.sleep(0)  # the driver tells its loggers a moment later
            tx.remove_query_logger(asked.append)
        counts.append(len(asked))
        codes.append({code for _, code, _ in await road.parked()})
    assert codes[0] == codes[1] == {code for code in one_of_each(0) if "_" in code}
    assert counts[0] == counts[1]


async def test_many_tills_of_which_something_is_found_take_as_many_statements_as_two(database: Database) -> None:
    """Each passes over a number, gives one twice, sells the same twice, and counts what is not there."""
    pool = await database("sales")
    await open_shop(pool)
    road, counts = Road(pool), []
    # The first round asks for the types that it reads, once.
    for numbers in (range(1), range(1, 1 + FEW), range(1 + FEW, 1 + FEW + MANY)):
        for n in numbers:
            till, sold = f"till-{n}", {"till": f"till-{n}", "unit_price": 1_000 + n}
            await road.bring(a_sale(receipt="1", till_seq=1, **sold), a_sale(receipt="2", till_seq=4, **sold))
            await road.bring(a_sale(receipt="3", till_seq=4, **sold), a_closing(till=till, events=9, till_seq=6))
        counts.append([await rounds(pool, at) for at in (NOON, LATER)])
    assert counts[1] == counts[2]
    kinds = {"sequence-gap", "numbering-restarted", "suspected-duplicate", "totals-differ"}
    assert {one.kind for one in await findings(pool, limit=500)} == kinds


async def rounds(pool: Pool, at: datetime) -> int:
    """How many statements the watch takes to see all that there is to see at that moment."""
    asked: list[object] = []
    async with pool.acquire() as tx, tx.transaction():
        tx.add_query_logger(asked.append)
        assert (await tills.look_once(tx, at, GRACE))[0] is False
        await asyncio.sleep(0)
        tx.remove_query_logger(asked.append)
    return len(asked)
