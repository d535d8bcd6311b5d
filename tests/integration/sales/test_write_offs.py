"""Debts: who owes and since when; given up only by two people, and never more than is owed."""

import asyncio

import pytest

from services.sales.handlers.sales import record_sales
from services.sales.handlers.settlement import write_offs
from services.sales.views.settlement import get_write_off, list_debts, list_write_offs
from shared.contracts.sales.settlement import (
    ApproveWriteOff,
    CancelWriteOff,
    Debt,
    DebtWrittenOff,
    GetWriteOff,
    ListDebts,
    ListWriteOffs,
    ProposeWriteOff,
    WriteOff,
    WriteOffCancelled,
    WriteOffProposed,
)
from shared.db import Pool
from shared.errors import KaryaError, NotFound
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    balances,
    do,
    in_full,
    open_shop,
    owed,
    received,
    report,
)
from tests.integration.sales.settling import (
    BUDI,
    DEWI,
    NOBODYS,
    RINI,
    only_line,
    order,
    pay_out,
    refusal,
    statement,
    tell,
    write_off,
)


async def a_debt(pool: Pool) -> None:
    """Ani's shawl came back after it had been paid out: she owes Rp455.000."""
    await open_shop(pool)
    await report(pool, a_sale())
    await pay_out(pool)
    await report(pool, a_return())
    assert await owed(pool) == -455_000


async def propose(pool: Pool, amount: int = 455_000) -> WriteOff:
    asked = ProposeWriteOff(maker_id=ANI, amount=amount, reason="no sales for three months")
    return await order(pool, write_offs.propose_write_off, asked)


async def approve(pool: Pool, proposed: WriteOff, actor: str) -> WriteOff:
    return await order(pool, write_offs.approve_write_off, ApproveWriteOff(write_off_id=proposed.write_off_id), actor)


async def test_a_debt_stands_in_the_list_since_it_began_and_nothing_is_added_to_it(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    since = await pool.fetchval("SELECT recorded_at FROM transfer ORDER BY id DESC LIMIT 1")
    assert (await do(pool, list_debts, ListDebts())).items == [Debt(maker_id=ANI, owed=455_000, since=since)]
    seen = await statement(pool)
    assert (seen.balance, [line.kind for line in seen.items]) == (-455_000, ["return", "payout", "sale"])


async def test_a_debt_that_was_made_up_and_came_again_counts_from_the_second_time(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    await report(pool, a_sale(receipt="536400"))
    assert (await do(pool, list_debts, ListDebts())).items == []
    await report(pool, a_return(receipt="C2", original_receipt="536400"))
    again = await pool.fetchval("SELECT recorded_at FROM transfer ORDER BY id DESC LIMIT 1")
    await report(pool, a_sale(receipt="536500", unit_price=100_000))
    assert (await do(pool, list_debts, ListDebts())).items == [Debt(maker_id=ANI, owed=390_000, since=again)]


async def test_debts_are_listed_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=100_000))
    for cooperative in ("kop-pulogebang", "kop-komarudin", "kop-daan-mogot"):
        await pay_out(pool, cooperative)
    await report(pool, a_return(sku=POUCH))
    first = await do(pool, list_debts, ListDebts(limit=2))
    second = await do(pool, list_debts, ListDebts(limit=2, cursor=first.next))
    assert [(debt.maker_id, debt.owed) for debt in first.items] == [(ANI, 32_500), (WATI, 19_500)]
    assert [(debt.maker_id, debt.owed) for debt in second.items] == [(SRI, 13_000)]
    assert second.next is None


async def test_two_people_write_a_debt_off_and_the_programme_bears_it(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    asked = ProposeWriteOff(maker_id=ANI, amount=455_000, reason="no sales for three months")
    proposed, told = await tell(pool, write_offs.propose_write_off, asked)
    assert told == [WriteOffProposed(write_off_id=proposed.write_off_id, maker_id=ANI, amount=455_000)]
    assert await owed(pool) == -455_000
    once = await approve(pool, proposed, RINI)
    assert (once.state, await owed(pool)) == ("proposed", -455_000)
    posted, told = await tell(
        pool, write_offs.approve_write_off, ApproveWriteOff(write_off_id=proposed.write_off_id), BUDI
    )
    assert (posted.state, [approval.by for approval in posted.approvals]) == ("posted", [RINI, BUDI])
    assert told == [
        DebtWrittenOff(write_off_id=proposed.write_off_id, maker_id=ANI, amount=455_000, written_off_at=NOON)
    ]
    books = await balances(pool)
    assert (books[f"maker-payable {ANI}"], books["written-off programme"]) == (0, 455_000)
    newest = (await statement(pool)).items[0]
    assert (newest.kind, newest.amount, newest.write_off_id) == ("write-off", 455_000, proposed.write_off_id)


async def test_what_is_written_off_is_not_recovered_from_the_next_sale(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    await write_off(pool, 355_000)
    await report(pool, a_sale(receipt="536400"))
    assert only_line(await pay_out(pool)) == (455_000, 100_000, 100_000, 355_000)
    assert await owed(pool) == 0


async def test_the_same_person_does_not_write_it_off(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    proposed = await propose(pool)
    await approve(pool, proposed, "finance:rini")
    asked = ApproveWriteOff(write_off_id=proposed.write_off_id)
    assert await refusal(pool, write_offs.approve_write_off, asked, RINI) == "same_person"
    assert await owed(pool) == -455_000


async def test_the_same_person_at_once_does_not_write_it_off(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    proposed = await propose(pool)
    answers = await asyncio.gather(*[approve(pool, proposed, BUDI) for _ in range(3)], return_exceptions=True)
    assert [one.code for one in answers if isinstance(one, KaryaError)] == ["same_person"] * 2
    assert await owed(pool) == -455_000


@pytest.mark.parametrize("amount", [455_001, 10**12])
async def test_more_than_is_owed_is_not_proposed(database: Database, amount: int) -> None:
    pool = await database("sales")
    await a_debt(pool)
    asked = ProposeWriteOff(maker_id=ANI, amount=amount, reason="too much")
    assert await refusal(pool, write_offs.propose_write_off, asked) == "more_than_owed"


async def test_who_owes_nothing_has_nothing_written_off(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    for maker, code in ((ANI, "more_than_owed"), (WATI, "more_than_owed"), (NOBODYS, "maker_unknown")):
        asked = ProposeWriteOff(maker_id=maker, amount=1, reason="a slip")
        assert await refusal(pool, write_offs.propose_write_off, asked) == code


async def test_a_debt_that_has_become_less_is_not_written_off_whole(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    proposed = await propose(pool)
    await approve(pool, proposed, RINI)
    await report(pool, a_sale(receipt="536400", unit_price=1_000))
    asked = ApproveWriteOff(write_off_id=proposed.write_off_id)
    assert await refusal(pool, write_offs.approve_write_off, asked, BUDI) == "more_than_owed"
    seen = await do(pool, get_write_off, GetWriteOff(write_off_id=proposed.write_off_id))
    assert (seen.state, [approval.by for approval in seen.approvals]) == ("proposed", [RINI])


async def test_a_sale_that_is_being_booked_is_waited_for_before_a_debt_is_written_off(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    proposed = await propose(pool)
    await approve(pool, proposed, RINI)
    async with pool.acquire() as tx, tx.transaction():
        await in_full(record_sales, [received(a_sale(receipt="536400"))], tx)
        task = asyncio.create_task(approve(pool, proposed, BUDI))
        await asyncio.sleep(0.2)
        assert not task.done()
    with pytest.raises(KaryaError) as refused:
        await task
    assert refused.value.code == "more_than_owed"
    assert await owed(pool) == 0


async def test_of_two_write_offs_of_one_debt_at_once_one_is_posted(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    proposed = [await propose(pool) for _ in range(3)]
    for one in proposed:
        await approve(pool, one, RINI)
    answers = await asyncio.gather(*[approve(pool, one, BUDI) for one in proposed], return_exceptions=True)
    assert [one.code for one in answers if isinstance(one, KaryaError)] == ["more_than_owed"] * 2
    assert await owed(pool) == 0


async def test_a_proposal_is_settled_once(database: Database) -> None:
    pool = await database("sales")
    await a_debt(pool)
    first, second = await propose(pool, 100_000), await propose(pool, 100_000)
    asked = CancelWriteOff(write_off_id=first.write_off_id, reason="she sells again")
    cancelled, told = await tell(pool, write_offs.cancel_write_off, asked, DEWI)
    assert (cancelled.state, cancelled.steps[-1].note) == ("cancelled", "she sells again")
    assert told == [WriteOffCancelled(write_off_id=first.write_off_id, maker_id=ANI)]
    again = ApproveWriteOff(write_off_id=first.write_off_id)
    assert await refusal(pool, write_offs.approve_write_off, again) == "write_off_cancelled"
    await approve(pool, second, RINI)
    await approve(pool, second, BUDI)
    late = CancelWriteOff(write_off_id=second.write_off_id, reason="too late")
    assert await refusal(pool, write_offs.cancel_write_off, late) == "write_off_posted"
    newest = await do(pool, list_write_offs, ListWriteOffs(limit=1))
    rest = await do(pool, list_write_offs, ListWriteOffs(limit=1, cursor=newest.next))
    assert [(one.write_off_id, one.state) for one in (*newest.items, *rest.items)] == [
        (second.write_off_id, "posted"),
        (first.write_off_id, "cancelled"),
    ]
    assert [one.state for one in (await do(pool, list_write_offs, ListWriteOffs(state="posted"))).items] == ["posted"]
    assert (await do(pool, list_write_offs, ListWriteOffs(maker_id=WATI))).items == []


async def test_a_write_off_that_is_not_there_is_not_found(database: Database) -> None:
    pool = await database("sales")
    assert (
        await refusal(pool, write_offs.approve_write_off, ApproveWriteOff(write_off_id=NOBODYS)) == "write_off_unknown"
    )
    with pytest.raises(NotFound):
        await do(pool, get_write_off, GetWriteOff(write_off_id=NOBODYS))
