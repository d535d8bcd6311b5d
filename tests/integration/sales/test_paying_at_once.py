"""Several people record, send and try again at the same time: it happens once."""

import asyncio

from services.sales.handlers.settlement import paying
from shared.contracts.sales.paying import RecordResults, RetryRows, RowResult, SendPayout
from shared.contracts.sales.rows import Outcome
from shared.errors import KaryaError
from tests.integration.sales.builders import ANI, POUCH, Database, a_sale, balances, owed, report
from tests.integration.sales.settling import BUDI, DEWI, RINI, approve, freeze, order, tell_results
from tests.integration.sales.together import batch_now, sent, sold, states


async def test_results_of_one_batch_at_once_are_booked_once(database: Database) -> None:
    pool = await database("sales")
    batch, rows = await sent(pool)
    keys = [row.attempt_key for row in rows]
    answers = await asyncio.gather(*[tell_results(pool, batch, paid=keys) for _ in range(4)])
    assert sorted([sum(one.news for one in seen.results) for seen, _ in answers]) == [0, 0, 0, 3]
    assert sum(len(events) for _, events in answers) == 1
    assert (await balances(pool))["bank programme"] == -650_000


async def test_of_contrary_results_at_once_one_stands(database: Database) -> None:
    pool = await database("sales")
    batch, [ani, *_] = await sent(pool)
    answers = await asyncio.gather(
        tell_results(pool, batch, paid=[ani.attempt_key]),
        tell_results(pool, batch, failed=[ani.attempt_key]),
        return_exceptions=True,
    )
    assert [answer.code for answer in answers if isinstance(answer, KaryaError)] == ["results_refused"]
    state = states(await batch_now(pool, batch))[0]
    assert await owed(pool) == (0 if state == "paid" else 325_000)


async def test_sending_paying_and_trying_again_at_once_happen_once(database: Database) -> None:
    pool = await database("sales")
    await sold(pool)
    frozen = await freeze(pool)
    await approve(pool, frozen.payout_id)
    asked = SendPayout(payout_id=frozen.payout_id)
    answers = await asyncio.gather(
        *[order(pool, paying.send_payout, asked, actor) for actor in (RINI, BUDI, DEWI)], return_exceptions=True
    )
    assert [one.code for one in answers if isinstance(one, KaryaError)] == ["payout_sent"] * 2
    key = (await batch_now(pool, frozen.payout_id)).rows[0].attempt_key
    await tell_results(pool, frozen.payout_id, failed=[key])
    retry = RetryRows(payout_id=frozen.payout_id, maker_ids=[ANI])
    answers = await asyncio.gather(
        *[order(pool, paying.retry_rows, retry, actor) for actor in (RINI, BUDI)], return_exceptions=True
    )
    assert [one.code for one in answers if isinstance(one, KaryaError)] == ["row_not_failed"]
    assert await pool.fetchval("SELECT count(*) FROM payout_attempt") == 4


async def test_a_batch_that_is_frozen_while_another_is_paid_takes_nothing_for_a_debt(database: Database) -> None:
    """Whatever comes first, what is on its way to her is neither owed again nor owed back."""
    pool = await database("sales")
    batch, rows = await sent(pool)
    for number in range(8):
        await report(pool, a_sale(receipt=f"again-{number}", sku=POUCH, unit_price=100_000))
        outcome: Outcome = "paid" if number == 7 else "unknown"
        told = RecordResults(
            payout_id=batch, results=[RowResult(attempt_key=row.attempt_key, outcome=outcome) for row in rows]
        )
        frozen, _ = await asyncio.gather(freeze(pool), order(pool, paying.record_results, told))
        assert [(line.gross, line.debt) for line in frozen.lines] == [(32_500, 0), (19_500, 0), (13_000, 0)]
