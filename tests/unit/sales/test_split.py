"""The split of a line: the worked examples to the rupiah, and what must hold for any numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Fact, Parties, Transfer, post_back, post_sale
from services.sales.domain.split import Run, Terms, Totals, split_line, total
from shared.money import apportion

MALL = Terms(date(2026, 1, 1), 2500, 1000)
CITOS = Terms(date(2026, 1, 1), 1500, 1000)
FACT = Fact(1, date(2026, 11, 21))
ONE = (1,)

quantities = st.integers(1, 40)
amounts = st.integers(0, 2_000_000_000)
weights = st.lists(st.integers(1, 10_000), min_size=1, max_size=8)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    outlet = draw(st.integers(0, 10_000))
    return Terms(date(2026, 1, 1), outlet, draw(st.integers(0, 10_000 - outlet)))


def test_a_sale_of_700_000_at_a_mall_gives_the_maker_455_000() -> None:
    assert split_line(1, 700_000, MALL, ONE) == (Run(1, 700_000, 175_000, 70_000, (455_000,)),)


def test_a_sale_of_450_000_at_citos_gives_the_maker_337_500() -> None:
    assert split_line(1, 450_000, CITOS, ONE) == (Run(1, 450_000, 67_500, 45_000, (337_500,)),)


def test_what_cannot_be_divided_is_always_the_makers() -> None:
    after_promotion = split_line(1, 349_900 - 52_485, Terms(date(2026, 1, 1), 1750, 750), ONE)
    assert after_promotion == (Run(1, 297_415, 52_047, 22_306, (223_062,)),)


@pytest.mark.parametrize(
    ("rest", "shared_by", "expected"),
    [
        (455_000, (1, 1, 1), (151_667, 151_667, 151_666)),
        (223_062, (50, 30, 20), (111_531, 66_919, 44_612)),
    ],
)
def test_co_makers_share_by_largest_remainder(rest: int, shared_by: tuple[int, ...], expected: tuple[int, ...]) -> None:
    free = Terms(date(2026, 1, 1), 0, 0)
    assert split_line(1, rest, free, shared_by)[0].makers == expected


def test_a_set_is_split_piece_by_piece_and_never_as_a_whole() -> None:
    dearer, others = split_line(3, 700_000, MALL, ONE)
    assert dearer == Run(1, 233_334, 58_333, 23_333, (151_668,))
    assert others == Run(2, 233_333, 58_333, 23_333, (151_667,))
    assert total((dearer, others)).makers == (455_002,)


def test_a_line_without_discount_is_one_run_of_equal_pieces() -> None:
    assert split_line(4, 4 * 125_000, MALL, ONE) == (Run(4, 125_000, 31_250, 12_500, (81_250,)),)


def test_a_piece_that_cost_nothing_gives_nothing_and_moves_nothing() -> None:
    totals = total(split_line(2, 0, MALL, (1, 2)))
    assert totals == Totals(0, 0, 0, (0, 0))
    assert post_sale(FACT, Parties(1, 2, 3, (4, 5)), totals) == []


@given(quantities, amounts, terms(), weights)
def test_the_shares_of_every_piece_sum_to_its_price(
    quantity: int, net: int, agreed: Terms, shared_by: list[int]
) -> None:
    runs = split_line(quantity, net, agreed, shared_by)
    assert len(runs) <= 2
    for run in runs:
        assert run.net == run.outlet + run.programme + sum(run.makers)
        assert min(run.net, run.outlet, run.programme, *run.makers) >= 0
        assert run.outlet == run.net * agreed.outlet_bps // 10_000
    pieces = [run.net for run in runs for _ in range(run.units)]
    assert pieces == apportion(net, [1] * quantity)


@given(quantities, amounts, terms(), weights)
def test_what_a_line_gives_sums_to_what_the_buyer_paid(
    quantity: int, net: int, agreed: Terms, shared_by: list[int]
) -> None:
    totals = total(split_line(quantity, net, agreed, shared_by))
    assert totals.net == net == totals.outlet + totals.programme + sum(totals.makers)


@given(quantities, amounts, terms(), weights)
def test_a_sale_and_its_return_leave_every_account_as_it_was(
    quantity: int, net: int, agreed: Terms, shared_by: list[int]
) -> None:
    totals = total(split_line(quantity, net, agreed, shared_by))
    parties = Parties(1, 2, 3, tuple(range(4, 4 + len(shared_by))))
    sold, returned = post_sale(FACT, parties, totals), post_back(FACT, "return", parties, totals)
    assert sum(balances(sold).values()) == 0
    assert balances(sold).get(parties.receivable, 0) == net
    assert set(balances(sold + returned).values()) <= {0}
    assert all(transfer.amount > 0 for transfer in sold + returned)


def balances(transfers: list[Transfer]) -> dict[int, int]:
    """Debit less credit of each account."""
    sums: dict[int, int] = {}
    for transfer in transfers:
        sums[transfer.debit] = sums.get(transfer.debit, 0) + transfer.amount
        sums[transfer.credit] = sums.get(transfer.credit, 0) - transfer.amount
    return sums
