"""Money that an outlet hands over settles its sales, whole ones, the oldest first; the others wait."""

from datetime import date
from uuid import UUID

import pytest

from services.sales.handlers.settlement.remittances import record_remittance
from services.sales.views.remittances import get_remittance, list_remittances
from shared.contracts.sales.remittances import (
    PART,
    GetRemittance,
    ListRemittances,
    Receipt,
    RemittanceMatched,
    RemittanceShort,
    SalesRemitted,
)
from shared.errors import Conflict, NotFound, Rejected
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    Database,
    a_return,
    balances,
    do,
    open_outlet,
    open_shop,
    report,
)
from tests.integration.sales.remitting import (
    SHAWLS,
    check_money,
    dues,
    money,
    remit,
    remit_and_tell,
    seen,
    settled,
    shawl,
)
from tests.integration.sales.settling import order, void


async def test_what_a_month_came_to_settles_all_its_sales(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3))
    recorded, events = await remit_and_tell(pool, 2 * SHAWLS, reference="TRF-1")
    assert (recorded.due, recorded.commission, recorded.sales, recorded.facts) == (1_050_000, 350_000, 2, 2)
    assert (recorded.on_account, recorded.waiting, recorded.missing) == (0, 0, 0)
    assert recorded.through == date(2026, 11, 30), "of the last period that was over"
    assert await balances(pool) == {
        "bank programme": 1_050_000,
        "outlet-receivable citos": 0,
        "outlet-commission citos": 0,
        "programme-share programme": -140_000,
        f"maker-payable {ANI}": -910_000,
        **{f"maker-payable {UUID(int=n)}": 0 for n in (2, 3)},
    }
    matched, told = events
    assert isinstance(matched, RemittanceMatched) and isinstance(told, SalesRemitted)
    assert (matched.amount, matched.due, matched.commission, matched.sales) == (1_050_000, 1_050_000, 350_000, 2)
    assert told.sales == {named_id("sale", "citos", "till-1", day, 1): SHAWLS for day in ("2", "3")}
    assert told.upto == 2
    await check_money(pool)


async def test_what_is_short_leaves_exactly_the_youngest_sales_open(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(4), shawl(2), shawl(3))
    recorded, events = await remit_and_tell(pool, 3 * SHAWLS - 175_000)
    assert await settled(pool) == ["2", "3"]
    assert (recorded.on_account, recorded.waiting, recorded.missing) == (350_000, 1, 175_000)
    short = events[-1]
    assert isinstance(short, RemittanceShort)
    assert (short.expected, short.received, short.missing, short.sales) == (1_575_000, 1_400_000, 175_000, 1)
    assert short.through == date(2026, 11, 30)
    await check_money(pool)
    again = await remit(pool, 175_000)
    assert (again.due, again.sales, again.on_account, again.waiting) == (SHAWLS, 1, 0, 0)
    assert await settled(pool) == ["2", "3", "4"]
    await check_money(pool)


async def test_the_oldest_sale_comes_first_though_its_till_told_of_it_last(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(9))
    await report(pool, shawl(2))
    await remit(pool, SHAWLS)
    assert await settled(pool) == ["2"]


async def test_the_first_sale_that_is_not_covered_stops_it(database: Database) -> None:
    """A small one behind it could be paid: but then an outlet could put off what is dear for ever."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3), shawl(4, unit_price=10_000))
    recorded = await remit(pool, SHAWLS + 100_000)
    assert await settled(pool) == ["2"]
    assert (recorded.on_account, recorded.waiting) == (100_000, 2)


async def test_sales_after_the_day_it_is_for_are_left_alone(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(20))
    recorded = await remit(pool, 2 * SHAWLS, through=date(2026, 11, 15))
    assert await settled(pool) == ["2"]
    assert (recorded.on_account, recorded.waiting, recorded.missing) == (SHAWLS, 0, 0)
    assert (await remit(pool, 1)).on_account == 1
    assert await settled(pool) == ["2", "20"]


async def test_what_came_back_of_a_settled_sale_nets_from_the_next_remittance(database: Database) -> None:
    """The worked example: the outlet nets 525.000."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2))
    await remit(pool, SHAWLS)
    await report(pool, a_return(original_receipt="2", returned_at=NOON), shawl(19), shawl(20))
    assert (await dues(pool)).owed == SHAWLS
    recorded, events = await remit_and_tell(pool, SHAWLS)
    assert (recorded.due, recorded.commission, recorded.sales, recorded.facts) == (SHAWLS, 175_000, 3, 3)
    told = events[1]
    assert isinstance(told, SalesRemitted)
    assert list(told.returns.values()) == [-SHAWLS]
    assert (await balances(pool))["outlet-receivable citos"] == 0
    await check_money(pool)


async def test_a_sale_that_came_back_before_costs_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), a_return(original_receipt="2"), shawl(20, quantity=2))
    await report(pool, a_return(receipt="C2", original_receipt="20"))
    recorded = await remit(pool, SHAWLS)
    assert (recorded.sales, recorded.facts, recorded.waiting) == (2, 4, 0)
    assert await settled(pool) == ["2", "20"]
    await check_money(pool)


async def test_a_void_and_a_return_that_was_voided_count_with_their_sale(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3))
    await void(pool, "3")
    await report(pool, a_return(receipt="C2", original_receipt="2"))
    await void(pool, "C2")
    recorded, events = await remit_and_tell(pool, SHAWLS)
    assert (recorded.due, recorded.sales, recorded.facts, recorded.on_account) == (SHAWLS, 2, 5, 0)
    told = events[1]
    assert isinstance(told, SalesRemitted)
    assert [len(kind) for kind in (told.sales, told.returns, told.voids, told.return_voids)] == [2, 1, 1, 1]
    facts = (await seen(pool, recorded.remittance_id)).items
    assert [(fact.fact, fact.receipt, fact.due) for fact in facts] == [
        ("sale", "2", SHAWLS),
        ("sale", "3", SHAWLS),
        ("void", "3", -SHAWLS),
        ("return", "2", -SHAWLS),
        ("return-void", "2", SHAWLS),
    ]
    await check_money(pool)


async def test_what_came_back_elsewhere_is_netted_there_and_its_commission_given_back(database: Database) -> None:
    """Bought at PIM, returned at Citos: Citos paid the buyer out, PIM has to give its commission back."""
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim", 3000)
    await report(pool, shawl(2, outlet="pim"))
    first = await remit(pool, 490_000, code="pim")
    assert (first.commission, first.on_account) == (210_000, 0)
    await report(pool, shawl(20), shawl(21))
    await report(pool, a_return(original_outlet="pim", original_receipt="2"))
    assert ((await dues(pool)).owed, (await dues(pool, "pim")).owed) == (2 * SHAWLS - 700_000, 210_000)
    await check_money(pool, "citos", "pim")
    await remit(pool, 2 * SHAWLS - 700_000)
    back = await remit(pool, 210_000, code="pim")
    assert (back.commission, back.due, back.facts) == (-210_000, 210_000, 1)
    now = await balances(pool)
    left = {name: now[name] for name in now if name.startswith("outlet-")}
    assert set(left.values()) == {0}
    await check_money(pool, "citos", "pim")


async def test_a_sale_for_so_little_that_the_outlet_bears_the_difference_is_owed_whole(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, listed=700_000)
    await report(pool, shawl(2, unit_price=100_000))
    assert (await dues(pool)).owed == SHAWLS
    recorded = await remit(pool, SHAWLS)
    assert (recorded.commission, recorded.on_account, recorded.waiting) == (-425_000, 0, 0)
    await check_money(pool)


async def test_the_receipts_that_an_outlet_names_are_settled_and_no_others(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3), shawl(4), shawl(4, line=2))
    named = [Receipt(till="till-1", receipt=name) for name in ("3", "4", "unknown")]
    recorded = await remit(pool, 2 * SHAWLS + 1, receipts=named)
    assert await settled(pool) == ["3", "4"]
    assert [receipt.receipt for receipt in recorded.unmatched] == ["4", "unknown"], "of 4 a line is still open"
    assert (recorded.on_account, recorded.waiting) == (1, 2)
    await check_money(pool)


async def test_the_same_money_is_entered_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, shawl(2))
    first = await remit(pool, SHAWLS, reference="BJ/2026/77")
    with pytest.raises(Conflict, match=str(first.remittance_id)) as refused:
        await remit(pool, 5, reference="BJ/2026/77")
    assert refused.value.code == "reference_taken"
    assert (await remit(pool, 5, code="pim", reference="BJ/2026/77")).on_account == 5, "of another outlet it is another"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"received_on": date(2026, 12, 4)}, "received_in_the_future"),
        ({"through": date(2026, 12, 4)}, "through_after_receipt"),
    ],
)
async def test_money_that_is_not_there_yet_is_refused(database: Database, other: dict[str, date], code: str) -> None:
    pool = await database("sales")
    await open_shop(pool)
    with pytest.raises(Rejected) as refused:
        await remit(pool, 5, **other)
    assert refused.value.code == code


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(NotFound) as refused:
        await order(pool, record_remittance, money(5, code="nowhere"))
    assert refused.value.code == "outlet_unknown"
    with pytest.raises(NotFound) as refused:
        await do(pool, get_remittance, GetRemittance(remittance_id=UUID(int=9)))
    assert refused.value.code == "remittance_unknown"


async def test_remittances_and_what_they_settled_are_shown_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, *[shawl(day) for day in (2, 3, 4)])
    first, second = await remit(pool, 3 * SHAWLS), await remit(pool, 7)
    other = await remit(pool, 7, code="pim")
    newest = await do(pool, list_remittances, ListRemittances(limit=2))
    assert [one.remittance_id for one in newest.items] == [other.remittance_id, second.remittance_id]
    (last,) = (await do(pool, list_remittances, ListRemittances(limit=2, cursor=newest.next))).items
    assert (last.remittance_id, last.due, last.facts) == (first.remittance_id, 3 * SHAWLS, 3)
    assert len((await do(pool, list_remittances, ListRemittances(outlet="citos"))).items) == 2
    page = await seen(pool, first.remittance_id, limit=2)
    assert [fact.receipt for fact in page.items] == ["2", "3"]
    assert page.commission == 3 * 175_000
    rest = await seen(pool, first.remittance_id, limit=2, cursor=page.next)
    assert ([fact.receipt for fact in rest.items], rest.next) == (["4"], None)


async def test_a_large_remittance_is_told_in_parts(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[shawl(1 + n % 20, receipt=str(n)) for n in range(PART + 10)])
    recorded, events = await remit_and_tell(pool, (PART + 10) * SHAWLS)
    parts = [event for event in events if isinstance(event, SalesRemitted)]
    assert [(part.upto, len(part.sales)) for part in parts] == [(PART, PART), (PART + 10, 10)]
    assert len({part.subject for part in parts}) == 2
    assert len({sale for part in parts for sale in part.sales}) == recorded.facts == PART + 10
    assert {due for part in parts for due in part.sales.values()} == {SHAWLS}
    await check_money(pool)
