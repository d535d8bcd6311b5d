"""A line of a statement says what has become of it: what it waits for, or which batch pays it."""

from datetime import date, timedelta

from services.sales.handlers.settlement import payouts
from services.sales.views.ledger import get_statement
from shared.contracts.sales import GetStatement, StatementLine
from shared.contracts.sales.settlement import CancelPayout
from shared.db import Pool
from tests.integration.sales.builders import ANI, NOON, Database, a_return, a_sale, do, open_shop, report
from tests.integration.sales.remitting import DECEMBER, SHAWLS, open_strict_shop, remit
from tests.integration.sales.settling import approve, freeze, order, pay


async def standing(pool: Pool, receipt: str = "1", later: timedelta = timedelta()) -> StatementLine:
    """The sale of this receipt, as her statement tells of it."""
    seen = await do(pool, get_statement, GetStatement(maker_id=ANI), NOON + later)
    [line] = [line for line in seen.items if line.receipt == receipt and line.kind == "sale"]
    return line


async def test_a_sale_waits_for_its_hold_days_then_for_its_outlet_then_for_a_batch(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(receipt="2"))
    held = await standing(pool)
    assert (held.waits, held.payable_from, held.due_by) == ("hold", date(2026, 11, 28), None)
    late = DECEMBER - NOON
    owed = await standing(pool, later=late)
    assert (owed.waits, owed.payable_from, owed.due_by) == ("outlet", None, date(2026, 12, 7))

    sent = await remit(pool, SHAWLS)
    assert (await standing(pool)).waits == "hold"
    ready = await standing(pool, later=late)
    assert (ready.waits, ready.waiting_amount, ready.due_by) == ("payable", 455_000, None)
    assert (ready.remittance_id, ready.remitted_on) == (sent.remittance_id, sent.received_on)
    assert (await standing(pool, "2", late)).waits == "outlet"


async def test_what_the_programme_advances_does_not_wait_for_the_outlet(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    seen = await standing(pool)
    assert (seen.waits, seen.remittance_id, seen.payout_id) == ("payable", None, None)


async def test_a_sale_names_the_batch_that_pays_it_and_how_far_that_is(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    batch = await freeze(pool)
    seen = await standing(pool)
    assert (seen.payout_id, seen.payout_state, seen.waits, seen.payable_from) == (batch.payout_id, "frozen", None, None)
    await approve(pool, batch.payout_id)
    assert (await standing(pool)).payout_state == "approved"


async def test_after_a_batch_that_was_cancelled_it_waits_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    batch = await freeze(pool)
    await order(pool, payouts.cancel_payout, CancelPayout(payout_id=batch.payout_id, reason="the wrong day"))
    seen = await standing(pool)
    assert (seen.payout_id, seen.payout_state, seen.waits) == (None, None, "payable")


async def test_what_came_back_before_it_was_paid_waits_for_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(receipt="2", quantity=2))
    await report(pool, a_return(receipt="C1", original_receipt="1"), a_return(receipt="C2", original_receipt="2"))
    assert (await standing(pool)).waits is None
    half = await standing(pool, "2")
    assert (half.waits, half.waiting_amount) == ("payable", 455_000)


async def test_a_debt_is_settled_by_the_batch_that_keeps_it_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    first = await freeze(pool)
    await pay(pool, first.payout_id)
    await report(pool, a_return(original_receipt="1"), a_sale(receipt="2"))
    second = await freeze(pool)
    seen = {line.kind: line for line in (await do(pool, get_statement, GetStatement(maker_id=ANI))).items}
    assert seen["return"].payout_id == second.payout_id
    assert (await standing(pool)).payout_id == first.payout_id
