"""A remittance that was entered wrong is taken back: its sales are open again, unless somebody was paid of it."""

import asyncio
from uuid import UUID

import pytest

from services.sales.handlers.settlement.payouts import cancel_payout, freeze_payout
from services.sales.handlers.settlement.remittances import reverse_remittance
from shared.contracts.sales.remittances import RemittanceReversed, ReverseRemittance
from shared.contracts.sales.settlement import CancelPayout, FreezePayout
from shared.errors import KaryaError, Rejected
from tests.integration.sales.builders import Database, balances, open_shop, report
from tests.integration.sales.remitting import (
    DECEMBER,
    SHAWLS,
    check_money,
    open_strict_shop,
    remit,
    reverse,
    seen,
    settled,
    shawl,
)
from tests.integration.sales.settling import KOP, NOBODYS, freeze, order, refusal, tell


def wrong(remittance_id: UUID) -> ReverseRemittance:
    return ReverseRemittance(remittance_id=remittance_id, reason="the wrong amount")


async def test_all_of_it_is_mirrored_and_its_sales_are_open_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3))
    before = await balances(pool)
    recorded = await remit(pool, 2 * SHAWLS, reference="TRF-7")
    reply, (told,) = await tell(pool, reverse_remittance, wrong(recorded.remittance_id), now=DECEMBER)
    assert await balances(pool) == before | {"bank programme": 0}
    assert await settled(pool) == []
    assert isinstance(told, RemittanceReversed)
    assert (told.amount, told.commission, told.facts) == (2 * SHAWLS, 350_000, 2)
    assert reply.reversal is not None
    assert (reply.reversal.reason, reply.due, reply.facts) == ("the wrong amount", 0, 0)
    assert (await seen(pool, recorded.remittance_id)).items == []
    await check_money(pool)
    again = await remit(pool, SHAWLS, reference="TRF-7")
    assert again.due == SHAWLS, "the same money, entered right"
    await check_money(pool)


async def test_it_is_taken_back_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    recorded = await remit(pool, 5)
    await reverse(pool, recorded.remittance_id)
    assert await refusal(pool, reverse_remittance, wrong(recorded.remittance_id)) == "remittance_reversed"
    assert await refusal(pool, reverse_remittance, wrong(NOBODYS)) == "remittance_unknown"


async def test_not_when_a_later_one_counts_on_its_money(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3))
    first = await remit(pool, SHAWLS + 400_000)
    second = await remit(pool, 125_000)
    assert await refusal(pool, reverse_remittance, wrong(first.remittance_id)) == "remittance_counted_on"
    for remittance in (second, first):
        await reverse(pool, remittance.remittance_id)
    assert await settled(pool) == []
    await check_money(pool)


async def test_not_when_a_sale_of_it_is_in_a_payout_and_again_when_that_is_cancelled(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2))
    recorded = await remit(pool, SHAWLS)
    batch = await freeze(pool)
    assert await refusal(pool, reverse_remittance, wrong(recorded.remittance_id)) == "remittance_in_payout"
    await order(pool, cancel_payout, CancelPayout(payout_id=batch.payout_id, reason="the wrong day"))
    await reverse(pool, recorded.remittance_id)
    await check_money(pool)


async def test_who_freezes_and_who_reverses_at_once_do_not_both_succeed(database: Database) -> None:
    """Either they are paid of what is settled, or it is not settled."""
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2))
    for _ in range(5):
        recorded = await remit(pool, SHAWLS)
        results = await asyncio.gather(
            order(pool, freeze_payout, FreezePayout(cooperative=KOP), now=DECEMBER),
            reverse(pool, recorded.remittance_id),
            return_exceptions=True,
        )
        failed = [one for one in results if isinstance(one, BaseException)]
        assert len(failed) == 1 and isinstance(failed[0], Rejected)
        in_payout = await pool.fetchval("SELECT count(*) FROM payout_item")
        assert in_payout == len(await settled(pool))
        if in_payout:
            break
        await check_money(pool)


async def test_two_who_take_it_back_at_once_take_it_back_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2))
    recorded = await remit(pool, SHAWLS)
    results = await asyncio.gather(*[reverse(pool, recorded.remittance_id) for _ in range(4)], return_exceptions=True)
    codes = [one.code for one in results if isinstance(one, KaryaError)]
    assert codes == ["remittance_reversed"] * 3
    await check_money(pool)


async def test_a_reason_is_given() -> None:
    with pytest.raises(ValueError, match="reason"):
        ReverseRemittance(remittance_id=NOBODYS, reason=" ")
