"""Batches of payouts: frozen, agreed to by two, paid once; what is told later goes to the next one."""

import asyncio
from uuid import uuid4

import pytest

from services.sales.handlers.settlement import paying, payouts
from services.sales.views.settlement import get_payout, list_debts, list_payouts
from shared.contracts.sales.paying import PayoutItemsListed, PayoutSent
from shared.contracts.sales.rows import TriedRow
from shared.contracts.sales.settlement import (
    ApprovePayout,
    CancelPayout,
    FreezePayout,
    FrozenLine,
    GetPayout,
    ListDebts,
    ListPayouts,
    PaidLine,
    PayoutApproved,
    PayoutCancelled,
    PayoutFrozen,
    PayoutLine,
    PayoutPaid,
    RecordPaid,
)
from shared.errors import KaryaError, NotFound
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    WATI,
    Database,
    a_return,
    a_sale,
    balances,
    do,
    open_outlet,
    open_shop,
    owed,
    report,
)
from tests.integration.sales.settling import (
    BUDI,
    DEWI,
    KOP,
    NOBODYS,
    RINI,
    approve,
    check_lines,
    freeze,
    only_line,
    order,
    pay,
    pay_out,
    refusal,
    rows_of,
    statement,
    tell,
    void,
)


async def test_a_batch_pays_the_cooperatives_makers_what_they_are_owed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(line=2, sku=POUCH, unit_price=100_000))
    frozen, events = await tell(pool, payouts.freeze_payout, FreezePayout(cooperative=KOP, note="week 47"))
    hers = PayoutLine(maker_id=ANI, gross=487_500, debt=0, recovery=0, amount=487_500)
    seen = FrozenLine(**hers.model_dump(), items=2)
    assert (frozen.state, frozen.total, frozen.makers, frozen.lines) == ("frozen", 487_500, 1, [seen])
    assert [(step.state, step.by, step.note) for step in frozen.steps] == [("frozen", RINI, "week 47")]
    told, listed = events
    assert told == PayoutFrozen(payout_id=frozen.payout_id, cooperative=KOP, lines=[hers], frozen_at=NOON)
    assert isinstance(listed, PayoutItemsListed)
    assert [(item.maker_id, item.kind, item.amount) for item in listed.items] == [
        (ANI, "sale", 455_000),
        (ANI, "sale", 32_500),
    ]
    assert await owed(pool) == 487_500


async def test_two_people_agree_and_then_it_is_paid(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    frozen = await freeze(pool)
    asked = ApprovePayout(payout_id=frozen.payout_id)
    once, nothing_yet = await tell(pool, payouts.approve_payout, asked, RINI)
    twice, agreed = await tell(pool, payouts.approve_payout, asked, BUDI)
    paid, told = await tell(pool, paying.record_paid, RecordPaid(payout_id=frozen.payout_id), DEWI)
    assert (once.state, twice.state, paid.state) == ("frozen", "approved", "paid")
    assert [approval.by for approval in paid.approvals] == [RINI, BUDI]
    steps = [(step.state, step.by) for step in paid.steps]
    assert steps == [("frozen", RINI), ("approved", BUDI), ("sent", DEWI), ("paid", DEWI)]
    assert nothing_yet == []
    assert agreed == [PayoutApproved(payout_id=frozen.payout_id, cooperative=KOP)]
    [row] = paid.rows
    assert (row.maker_id, row.amount, row.state, row.attempt) == (ANI, 455_000, "paid", 1)
    tried = TriedRow(maker_id=ANI, amount=455_000, attempt_key=row.attempt_key)
    line = PaidLine(maker_id=ANI, amount=455_000, attempt_key=row.attempt_key)
    assert told == [
        PayoutSent(payout_id=frozen.payout_id, cooperative=KOP, rows=[tried], sent_at=NOON),
        PayoutPaid(payout_id=frozen.payout_id, cooperative=KOP, lines=[line], paid_at=NOON),
    ]
    books = await balances(pool)
    assert (books[f"maker-payable {ANI}"], books[f"cooperative-payable {KOP}"]) == (0, 0)
    assert books["bank programme"] == -455_000


async def test_the_same_person_agrees_once_whatever_key_she_uses(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    asked = ApprovePayout(payout_id=(await freeze(pool)).payout_id)
    await order(pool, payouts.approve_payout, asked, "finance:rini")
    for again in ("finance:rini", RINI):
        assert await refusal(pool, payouts.approve_payout, asked, again) == "same_person"
    assert (await do(pool, get_payout, GetPayout(payout_id=asked.payout_id))).state == "frozen"


async def test_one_person_twice_at_once_is_still_one_person(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    asked = ApprovePayout(payout_id=(await freeze(pool)).payout_id)
    calls = [order(pool, payouts.approve_payout, asked, actor) for actor in (BUDI, BUDI, BUDI)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    codes = [answer.code for answer in answers if isinstance(answer, KaryaError)]
    assert codes == ["same_person", "same_person"]
    seen = await do(pool, get_payout, GetPayout(payout_id=asked.payout_id))
    assert (seen.state, len(seen.approvals)) == ("frozen", 1)


async def test_two_people_at_once_approve_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    asked = ApprovePayout(payout_id=(await freeze(pool)).payout_id)
    answers = await asyncio.gather(*[tell(pool, payouts.approve_payout, asked, actor) for actor in (RINI, BUDI)])
    assert sorted(reply.state for reply, _ in answers) == ["approved", "frozen"]
    assert sum(len(events) for _, events in answers) == 1


async def test_paying_twice_at_once_posts_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    asked = RecordPaid(payout_id=(await freeze(pool)).payout_id)
    await approve(pool, asked.payout_id)
    calls = [order(pool, paying.record_paid, asked, actor) for actor in (RINI, BUDI, DEWI)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert [answer.code for answer in answers if isinstance(answer, KaryaError)] == ["payout_paid"] * 2
    assert await pool.fetchval("SELECT count(*) FROM transfer WHERE kind = 'payout'") == 1
    assert await owed(pool) == 0


async def test_what_two_have_not_agreed_to_is_not_paid(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    asked = RecordPaid(payout_id=(await freeze(pool)).payout_id)
    await approve(pool, asked.payout_id, BUDI)
    assert await refusal(pool, paying.record_paid, asked) == "payout_frozen"
    assert await owed(pool) == 455_000


async def test_a_void_after_the_freeze_leaves_the_batch_alone_and_is_a_line_of_its_own(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(receipt="536366"))
    frozen = await freeze(pool)
    await void(pool)
    assert await rows_of(pool, frozen.payout_id) == frozen.lines
    paid = await pay(pool, frozen.payout_id)
    assert (paid.lines, paid.total) == (frozen.lines, 910_000)
    entries = [(line.kind, line.amount, line.balance) for line in (await statement(pool)).items]
    assert entries == [
        ("payout", -910_000, -455_000),
        ("void", -455_000, 455_000),
        ("sale", 455_000, 910_000),
        ("sale", 455_000, 455_000),
    ]
    await report(pool, a_sale(receipt="536367", unit_price=1_000_000))
    assert only_line(await freeze(pool)) == (650_000, 455_000, 325_000, 325_000)


async def test_the_worked_example_to_the_rupiah(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, "mall")
    await open_outlet(pool, "citos", 1500, 1000)
    await report(pool, a_sale(outlet="mall"))
    assert only_line(await pay_out(pool)) == (455_000, 0, 0, 455_000)
    await report(pool, a_return(outlet="mall"))
    assert await owed(pool) == -455_000
    await report(pool, a_sale(receipt="536400", unit_price=450_000))
    assert only_line(await pay_out(pool)) == (337_500, 455_000, 168_750, 168_750)
    assert await owed(pool) == -286_250
    assert [debt.owed for debt in (await do(pool, list_debts, ListDebts())).items] == [286_250]
    assert await check_lines(pool) == 2


async def test_what_came_back_before_the_freeze_is_no_debt(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3), a_return(quantity=2))
    assert only_line(await freeze(pool)) == (455_000, 0, 0, 455_000)


async def test_nothing_owed_is_nothing_payable(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_return())
    for cooperative in (KOP, "kop-komarudin", "nobodys"):
        asked = FreezePayout(cooperative=cooperative)
        assert await refusal(pool, payouts.freeze_payout, asked) == "nothing_payable"
    assert await pool.fetchval("SELECT count(*) FROM payout_item") == 0


async def test_a_maker_may_be_in_several_open_batches_and_a_sale_is_in_one(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    first = await freeze(pool)
    assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative=KOP)) == "nothing_payable"
    await report(pool, a_sale(line=2, unit_price=100_000))
    second = await freeze(pool)
    assert only_line(second) == (65_000, 0, 0, 65_000)
    for batch in (second, first):
        await pay(pool, batch.payout_id)
    assert await owed(pool) == 0


async def test_of_two_freezes_at_once_one_has_the_makers(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    answers = await asyncio.gather(*[freeze(pool) for _ in range(4)], return_exceptions=True)
    assert [answer.code for answer in answers if isinstance(answer, KaryaError)] == ["nothing_payable"] * 3
    assert await pool.fetchval("SELECT count(*) FROM payout_line") == 1


async def test_a_cancelled_batch_pays_nothing_and_gives_its_makers_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2))
    frozen = await freeze(pool)
    asked = CancelPayout(payout_id=frozen.payout_id, reason="wrong week")
    cancelled, events = await tell(pool, payouts.cancel_payout, asked, BUDI)
    assert (cancelled.state, cancelled.steps[-1].note) == ("cancelled", "wrong week")
    assert events == [PayoutCancelled(payout_id=frozen.payout_id, cooperative=KOP)]
    assert await refusal(pool, payouts.approve_payout, ApprovePayout(payout_id=frozen.payout_id)) == "payout_cancelled"
    await report(pool, a_return())
    assert only_line(await freeze(pool)) == (455_000, 0, 0, 455_000)


async def test_an_approved_batch_is_not_cancelled(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    frozen = await freeze(pool)
    await approve(pool, frozen.payout_id)
    asked = CancelPayout(payout_id=frozen.payout_id, reason="too late")
    assert await refusal(pool, payouts.cancel_payout, asked) == "payout_approved"


async def test_a_batch_that_is_not_there_is_not_found(database: Database) -> None:
    pool = await database("sales")
    assert await refusal(pool, payouts.approve_payout, ApprovePayout(payout_id=NOBODYS)) == "payout_unknown"
    with pytest.raises(NotFound):
        await do(pool, get_payout, GetPayout(payout_id=uuid4()))


async def test_batches_are_listed_newest_first_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=100_000))
    made = [await freeze(pool, cooperative) for cooperative in (KOP, "kop-komarudin", "kop-daan-mogot")]
    await pay(pool, made[1].payout_id)
    first = await do(pool, list_payouts, ListPayouts(limit=2))
    second = await do(pool, list_payouts, ListPayouts(limit=2, cursor=first.next))
    seen = [(head.payout_id, head.state, head.makers, head.total) for head in [*first.items, *second.items]]
    assert seen == [
        (made[2].payout_id, "frozen", 1, 13_000),
        (made[1].payout_id, "paid", 1, 19_500),
        (made[0].payout_id, "frozen", 1, 32_500),
    ]
    assert second.next is None
    assert len((await do(pool, list_payouts, ListPayouts(state="paid"))).items) == 1
    assert (await do(pool, list_payouts, ListPayouts(cooperative=KOP))).items[0].payout_id == made[0].payout_id
    assert (await statement(pool, WATI)).items[0].payout_id == made[1].payout_id
