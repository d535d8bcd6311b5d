"""A batch is sent once, and each of its rows is paid once, whatever is told of it and how often."""

import asyncpg
import pytest

from services.sales.handlers.settlement import paying, payouts
from shared.contracts.sales.paying import (
    PayoutLinesFailed,
    PayoutLinesHeld,
    PayoutLinesRetried,
    PayoutSent,
    RecordResults,
    RetryRows,
    RowResult,
    SendPayout,
)
from shared.contracts.sales.settlement import CancelPayout, FreezePayout, PayoutPaid, RecordPaid
from shared.errors import Invalid
from tests.integration.sales.builders import (
    ANI,
    Database,
    a_return,
    a_sale,
    balances,
    open_shop,
    owed,
    report,
)
from tests.integration.sales.settling import (
    BUDI,
    DEWI,
    KOP,
    NOBODYS,
    approve,
    check_lines,
    freeze,
    only_line,
    order,
    pay_out,
    refusal,
    send,
    statement,
    tell,
    tell_results,
)
from tests.integration.sales.together import batch_now, sent, sold, states


async def test_a_batch_that_two_agreed_to_is_sent_and_each_row_has_a_key(database: Database) -> None:
    pool = await database("sales")
    await sold(pool)
    frozen = await freeze(pool)
    asked = SendPayout(payout_id=frozen.payout_id, note="by BCA")
    assert await refusal(pool, paying.send_payout, asked) == "payout_frozen"
    await approve(pool, frozen.payout_id)

    batch, [told] = await tell(pool, paying.send_payout, asked, DEWI)

    assert (batch.state, batch.steps[-1].state, batch.steps[-1].by, batch.steps[-1].note) == (
        "sent",
        "sent",
        DEWI,
        "by BCA",
    )
    assert [(row.amount, row.state, row.attempt) for row in batch.rows] == [
        (325_000, "pending", 1),
        (195_000, "pending", 1),
        (130_000, "pending", 1),
    ]
    assert isinstance(told, PayoutSent)
    assert [row.attempt_key for row in told.rows] == [row.attempt_key for row in batch.rows]
    assert await owed(pool) == 325_000, "nothing is posted before it is paid"
    assert await refusal(pool, paying.send_payout, asked) == "payout_sent"
    cancel = CancelPayout(payout_id=frozen.payout_id, reason="too late")
    assert await refusal(pool, payouts.cancel_payout, cancel) == "payout_sent"


async def test_an_outcome_for_each_row(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, wati, sri] = await sent(pool)
    keys = [ani.attempt_key, wati.attempt_key, sri.attempt_key]

    seen, events = await tell_results(pool, batch, paid=keys[:1], failed=keys[1:2], unknown=keys[2:])

    assert (seen.state, [(one.state, one.news) for one in seen.results]) == (
        "partly_paid",
        [("paid", True), ("failed", True), ("held", True)],
    )
    paid, failed, held = events
    assert isinstance(paid, PayoutPaid) and not paid.whole
    assert [(line.maker_id, line.amount) for line in paid.lines] == [(ANI, 325_000)]
    assert isinstance(failed, PayoutLinesFailed) and [row.attempt_key for row in failed.rows] == keys[1:2]
    assert isinstance(held, PayoutLinesHeld) and [row.attempt_key for row in held.rows] == keys[2:]
    assert states(await batch_now(pool, batch)) == ["paid", "failed", "held"]
    books = await balances(pool)
    assert (books["bank programme"], books[f"cooperative-payable {KOP}"]) == (-325_000, 0)
    assert [await owed(pool, row.maker_id) for row in (ani, wati, sri) if row.maker_id] == [0, 195_000, 130_000]
    assert [line.kind for line in (await statement(pool)).items] == ["payout", "sale"]


async def test_what_is_held_is_paid_when_the_bank_says_so_and_never_before(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, *_] = await sent(pool)
    await tell_results(pool, batch, unknown=[ani.attempt_key])

    rest = await order(pool, paying.record_paid, RecordPaid(payout_id=batch), BUDI)

    assert (rest.state, states(rest)) == ("partly_paid", ["held", "paid", "paid"])
    assert await refusal(pool, paying.record_paid, RecordPaid(payout_id=batch)) == "nothing_pending"
    retry = RetryRows(payout_id=batch, maker_ids=[ANI])
    assert await refusal(pool, paying.retry_rows, retry) == "row_not_failed"
    again, nothing = await tell_results(pool, batch, unknown=[ani.attempt_key])
    assert (again.results[0].news, nothing) == (False, [])
    assert await owed(pool) == 325_000
    seen, [paid] = await tell_results(pool, batch, paid=[ani.attempt_key])
    assert seen.state == "paid"
    assert isinstance(paid, PayoutPaid) and paid.whole
    assert (await batch_now(pool, batch)).steps[-1].state == "paid"
    assert await owed(pool) == 0


async def test_the_same_result_again_changes_nothing_and_the_contrary_is_refused(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, wati, sri] = await sent(pool)
    told = {"paid": [ani.attempt_key, sri.attempt_key], "failed": [wati.attempt_key]}
    await tell_results(pool, batch, **told)
    before = await balances(pool)

    again, events = await tell_results(pool, batch, **told)
    assert (again.state, [one.news for one in again.results], events) == ("partly_paid", [False] * 3, [])
    with pytest.raises(Invalid) as refused:
        await tell_results(pool, batch, failed=[ani.attempt_key], paid=[wati.attempt_key, sri.attempt_key])
    assert [fault["field"] for fault in refused.value.errors] == ["results.0", "results.1"]
    assert await balances(pool) == before


async def test_of_a_list_with_a_fault_nothing_is_booked(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, wati, _] = await sent(pool)
    results = [
        RowResult(attempt_key=ani.attempt_key, outcome="paid"),
        RowResult(attempt_key=wati.attempt_key, outcome="paid", amount=194_999),
    ]
    with pytest.raises(Invalid, match="its amount is 195000"):
        await order(pool, paying.record_results, RecordResults(payout_id=batch, results=results))
    assert states(await batch_now(pool, batch)) == ["pending"] * 3
    foreign = [RowResult(attempt_key="KRAAAAAAAAAAAA", outcome="paid")]
    with pytest.raises(Invalid, match="no row of this batch"):
        await order(pool, paying.record_results, RecordResults(payout_id=batch, results=foreign))
    nobodys = RecordResults(payout_id=NOBODYS, results=foreign)
    assert await refusal(pool, paying.record_results, nobodys) == "payout_unknown"


async def test_what_has_failed_is_owed_as_before_and_paid_under_a_new_key(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, wati, sri] = await sent(pool)
    await tell_results(pool, batch, failed=[ani.attempt_key], paid=[wati.attempt_key, sri.attempt_key])
    assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative=KOP)) == "nothing_payable"

    again, [told] = await tell(pool, paying.retry_rows, RetryRows(payout_id=batch, maker_ids=[ANI]), BUDI)

    [row, *others] = again.rows
    assert (row.state, row.attempt, [other.state for other in others]) == ("pending", 2, ["paid", "paid"])
    assert row.attempt_key != ani.attempt_key
    assert isinstance(told, PayoutLinesRetried) and [one.attempt_key for one in told.rows] == [row.attempt_key]
    with pytest.raises(Invalid, match="failed, for good"):
        await tell_results(pool, batch, paid=[ani.attempt_key])
    old, nothing = await tell_results(pool, batch, failed=[ani.attempt_key])
    assert ([one.news for one in old.results], nothing) == ([False], [])
    assert (await tell_results(pool, batch, paid=[row.attempt_key]))[0].state == "paid"
    assert await owed(pool) == 0
    assert await refusal(pool, paying.retry_rows, RetryRows(payout_id=batch, maker_ids=[ANI])) == "payout_paid"
    books = await balances(pool)
    assert (books["bank programme"], books[f"cooperative-payable {KOP}"]) == (-650_000, 0)


async def test_a_row_that_is_not_paid_is_neither_paid_again_nor_a_debt_in_the_next_batch(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    first = await send(pool)
    await tell_results(pool, first.payout_id, unknown=[first.rows[0].attempt_key])
    await report(pool, a_sale(receipt="2"), a_return())

    # The piece of the first batch came back while it is held: it is a debt, for the batch is on its way.
    assert only_line(await pay_out(pool)) == (455_000, 455_000, 227_500, 227_500)
    await tell_results(pool, first.payout_id, paid=[first.rows[0].attempt_key])
    assert await owed(pool) == -227_500
    assert await check_lines(pool) == 2


async def test_the_database_pays_no_row_twice_and_no_attempt_in_two_ways(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, *_] = await sent(pool)
    await tell_results(pool, batch, failed=[ani.attempt_key])
    again = await order(pool, paying.retry_rows, RetryRows(payout_id=batch, maker_ids=[ANI]))
    await tell_results(pool, batch, paid=[again.rows[0].attempt_key])
    add = """
        INSERT INTO payout_result (row_no, key, outcome, at, by)
        SELECT row_no, key, $2, now(), 'x' FROM payout_attempt WHERE key = $1
    """
    for key, outcome in ((ani.attempt_key, "paid"), (again.rows[0].attempt_key, "failed")):
        with pytest.raises(asyncpg.UniqueViolationError):
            await pool.execute(add, key, outcome)
