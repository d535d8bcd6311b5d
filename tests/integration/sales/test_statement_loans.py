"""A batch with a loan in it: her statement and her cooperative's tell the same money, from both sides."""

from datetime import date

from services.sales.views.ledger import get_statement
from shared.contracts.sales import GetStatement
from shared.contracts.sales.settlement import Payout
from shared.db import Pool
from tests.integration.sales.builders import ANI, Database, do
from tests.integration.sales.lending import HALF_A_YEAR, a_sold_shawl
from tests.integration.sales.settling import KOP, send, tell_results
from tests.integration.sales.stating import whole
from tests.integration.sales.test_party_statements import cooperative, movements

YEAR, LENT_ON = date(2026, 1, 1), date(2026, 8, 3)


async def keys_of(pool: Pool, batch: Payout) -> list[str]:
    """Of the batch's rows: hers first, then her lender's."""
    rows = await pool.fetch(
        """
        SELECT attempt_key FROM payout_row_now r JOIN payout p ON p.no = r.payout
        WHERE p.payout_id = $1 ORDER BY maker_id NULLS LAST
        """,
        batch.payout_id,
    )
    return [row["attempt_key"] for row in rows]


async def test_her_instalment_is_on_her_statement_with_its_loan(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool, **HALF_A_YEAR)
    batch = await send(pool)
    hers, lenders = await keys_of(pool, batch)
    await tell_results(pool, batch.payout_id, paid=[hers, lenders])
    seen = await whole(pool)
    told = [(line.kind, line.amount, line.loan_id, line.payout_id) for line in seen.items]
    assert told == [
        ("payout", -364_000, None, batch.payout_id),
        ("service-fee", -12_000, loan_id, batch.payout_id),
        ("repayment", -79_000, loan_id, batch.payout_id),
        ("sale", 455_000, None, batch.payout_id),
    ]
    assert seen.closing == 0


async def test_a_sale_says_how_far_her_own_row_is(database: Database) -> None:
    pool = await database("sales")
    await a_sold_shawl(pool, **HALF_A_YEAR)
    batch = await send(pool)
    states = [await state(pool)]
    hers, _ = await keys_of(pool, batch)
    for outcome in ("unknown", "failed"):
        await tell_results(pool, batch.payout_id, **{outcome: [hers]})
        states.append(await state(pool))
    assert states == ["pending", "held", "failed"]


async def state(pool: Pool) -> str | None:
    items = (await do(pool, get_statement, GetStatement(maker_id=ANI))).items
    return next(line.payout_state for line in items if line.kind == "sale")


async def test_her_cooperative_reads_what_it_lent_what_it_got_and_what_it_paid_on(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool, **HALF_A_YEAR)
    batch = await send(pool)
    await tell_results(pool, batch.payout_id, paid=await keys_of(pool, batch))
    seen = await cooperative(pool, since=YEAR)
    assert (seen.lent, seen.repaid, seen.service_fees) == (1_200_000, 79_000, 12_000)
    assert (seen.paid_on, seen.from_bank) == (364_000, 455_000)
    assert (seen.payable.closing, seen.capital.closing) == (0, 1_121_000)
    [one] = seen.batches
    assert (one.payout_id, one.paid_on, one.from_bank, one.repaid) == (batch.payout_id, 364_000, 455_000, 79_000)
    lent = next(line for line in seen.items if line.kind == "loan")
    assert (lent.booked, lent.maker_id, lent.loan_id, lent.amount) == (LENT_ON, ANI, loan_id, 1_200_000)
    kept = [line for line in seen.items if line.kind in ("repayment", "service-fee")]
    assert {line.payout_id for line in kept} == {batch.payout_id}
    assert [(line.account, line.amount, line.loan_id) for line in kept] == [
        ("cooperative-payable", 79_000, None),
        ("loan-capital", -79_000, None),
        ("cooperative-payable", 12_000, loan_id),
    ]
    november, booked = await cooperative(pool), await movements(pool)
    assert booked[f"loan-capital {KOP}"] == (-november.capital.opening, -november.capital.closing)
    assert booked[f"cooperative-payable {KOP}"][1] == -november.payable.closing
