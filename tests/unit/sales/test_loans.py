"""A loan in figures: instalments sum to what was agreed, a deduction keeps every limit, the last rupiah ends it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.loans import (
    LoanAccounts,
    Owing,
    Paid,
    Payable,
    allocate,
    check_disbursed,
    check_loan,
    check_repaid,
    check_signed,
    deduct,
    deducting,
    draw_schedule,
    last_month,
    left,
    next_month,
    parts_of,
    paused,
    post_cash,
    post_kept,
    post_loan,
    spread,
    total,
    unpaid,
)
from services.sales.domain.settlement import Earned, draw_lines
from shared.contracts.sales.loans import Instalment
from shared.contracts.sales.settlement import LoanPart
from shared.errors import Rejected

ANI, WATI, LOAN = UUID(int=1), UUID(int=2), UUID(int=7)
FACT = Fact(7, date(2026, 11, 21))
ACCOUNTS = LoanAccounts(receivable=1, capital=2, payable=3, clearing=4)
TERMS = st.tuples(st.integers(1, 10**12), st.integers(1, 60), st.integers(0, 1000))
MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def owing(**other: object) -> Owing:
    """Rp1.200.000 for a year at 1 % a month: 12 instalments of 100.000 and 12.000, all of them due."""
    facts: dict[str, object] = {
        "no": 1,
        "loan_id": LOAN,
        "maker_id": ANI,
        "lender": "kop-pulogebang",
        "deduction_bps": 2_000,
        "floor_income": 0,
        "schedule": draw_schedule(1_200_000, 12, 100),
        "active": 12,
        "paid": Paid(),
        "received": 0,
    }
    return Owing(**(facts | other))  # type: ignore[arg-type]


def kept(payable: int, remitted: int | None = None, **other: object) -> int:
    return deduct(owing(**other), Payable(payable, payable if remitted is None else remitted)).amount


def test_the_last_instalment_takes_what_cannot_be_divided() -> None:
    assert draw_schedule(1_000_000, 3, 150) == [
        Instalment(number=1, principal=333_333, service=15_000),
        Instalment(number=2, principal=333_333, service=15_000),
        Instalment(number=3, principal=333_334, service=15_000),
    ]


@given(TERMS)
def test_instalments_sum_to_the_principal_and_the_fee_exactly(terms: tuple[int, int, int]) -> None:
    principal, months, bps = terms
    schedule = draw_schedule(principal, months, bps)
    service = principal * bps * months // 10_000

    assert [one.number for one in schedule] == list(range(1, months + 1))
    assert sum([one.principal for one in schedule]) == principal
    assert sum([one.service for one in schedule]) == service
    assert total(schedule) == principal + service
    assert len({(one.principal, one.service) for one in schedule[:-1]}) <= 1
    assert all(one.principal >= 0 and one.service >= 0 for one in schedule)
    assert 0 <= schedule[-1].principal - schedule[0].principal < months
    assert 0 <= schedule[-1].service - schedule[0].service < months


def test_of_each_instalment_the_fee_is_paid_before_the_principal() -> None:
    schedule = draw_schedule(1_200_000, 12, 100)

    assert allocate(schedule, Paid(), 5_000) == Paid(0, 5_000)
    assert allocate(schedule, Paid(0, 5_000), 10_000) == Paid(3_000, 7_000)
    assert allocate(schedule, Paid(3_000, 12_000), 120_000) == Paid(108_000, 12_000)


def test_nobody_pays_more_than_is_left() -> None:
    schedule = draw_schedule(1_000, 2, 0)
    with pytest.raises(Rejected) as refused:
        allocate(schedule, Paid(400, 0), 601)
    assert refused.value.code == "more_than_outstanding"


@given(TERMS, st.lists(st.integers(0, 10**12), max_size=8))
def test_whatever_is_paid_in_whatever_pieces_closes_the_loan_to_the_rupiah(
    terms: tuple[int, int, int], amounts: list[int]
) -> None:
    schedule, paid = draw_schedule(*terms), Paid()
    for amount in [*amounts, total(schedule)]:
        part = allocate(schedule, paid, min(amount, left(schedule, paid)))
        assert part.principal >= 0 and part.service >= 0
        assert part.amount == min(amount, left(schedule, paid))
        paid = paid.plus(part)
        assert spread_sums(schedule, paid) == paid

    assert left(schedule, paid) == unpaid(schedule, len(schedule), paid) == 0
    assert paid.principal == terms[0]


def spread_sums(schedule: list[Instalment], paid: Paid) -> Paid:
    parts = spread(schedule, paid)
    assert all(part.principal <= one.principal and part.service <= one.service
               for one, part in zip(schedule, parts, strict=True))  # fmt: skip
    return Paid(sum([part.principal for part in parts]), sum([part.service for part in parts]))


def test_the_worked_example_keeps_a_fifth_of_what_is_payable() -> None:
    assert kept(455_000) == 91_000
    assert kept(168_750, paid=Paid(84_000, 7_000)) == 33_750


def test_no_more_is_kept_than_is_outstanding() -> None:
    """Scenario 21: 91.000 by the fifth, of which 60.000 are owed."""
    last = owing(paid=Paid(1_140_000, 144_000))
    part = deduct(last, Payable(455_000, 455_000))

    assert part == Paid(60_000, 0)
    assert left(last.schedule, last.paid.plus(part)) == 0
    assert kept(455_000, paid=Paid(1_200_000, 144_000)) == 0


def test_no_more_is_kept_than_is_due() -> None:
    assert kept(10_000_000, active=0) == 0
    assert kept(10_000_000, active=1) == 112_000
    assert kept(10_000_000, active=3, paid=Paid(100_000, 12_000)) == 224_000
    assert kept(10_000_000, active=1, paid=Paid(500_000, 60_000)) == 0


def test_nothing_is_kept_of_money_that_has_not_come() -> None:
    assert kept(455_000, remitted=0) == 0
    assert kept(455_000, remitted=50_000) == 50_000
    assert kept(455_000, remitted=-10_000) == 0


def test_nothing_is_kept_before_she_has_been_paid_her_floor_of_the_month() -> None:
    assert kept(455_000, floor_income=455_000) == 0
    assert kept(455_000, floor_income=400_000) == 55_000
    assert kept(455_000, floor_income=400_000, received=300_000) == 91_000
    assert kept(100, floor_income=10**9) == 0


@given(
    TERMS,
    st.integers(1, 5_000),
    st.tuples(st.integers(0, 60), st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 10**9)),
    st.tuples(st.integers(1, 10**12), st.integers(-1_000, 10**12)),
)
def test_a_deduction_never_exceeds_any_of_its_limits(
    terms: tuple[int, int, int], bps: int, loan: tuple[int, int, int, int], payable: tuple[int, int]
) -> None:
    active, before, floor, received = loan
    schedule = draw_schedule(*terms)
    paid = allocate(schedule, Paid(), min(before, total(schedule)))
    hers = owing(schedule=schedule, deduction_bps=bps, active=active, paid=paid, floor_income=floor, received=received)
    amount, remitted = payable

    part = deduct(hers, Payable(amount, remitted))

    limits = [amount * bps // 10_000, unpaid(schedule, active, paid), left(schedule, paid), remitted,
              received + amount - floor]  # fmt: skip
    assert part.amount == max(0, min(limits))
    assert part.principal >= 0 and part.service >= 0
    assert 2 * part.amount <= amount
    assert not part.amount or received + amount - part.amount >= floor


def test_lines_of_a_batch_say_what_of_them_is_for_which_loan() -> None:
    hers = owing(paid=Paid(0, 7_000))
    earned = [Earned(ANI, 337_500, 168_750, 337_500), Earned(WATI, 100, 0, 100)]

    lines = draw_lines(earned, deducting({ANI: hers}))

    assert [(line.recovery, line.loan, line.amount) for line in lines] == [(168_750, 33_750, 135_000), (0, 0, 100)]
    assert parts_of({ANI: hers}, lines) == [
        LoanPart(loan_id=LOAN, maker_id=ANI, lender="kop-pulogebang", principal=28_750, service=5_000)
    ]


def test_a_debt_is_recovered_out_of_what_has_come_first() -> None:
    earned = Earned(ANI, 910_000, 455_000, remitted=500_000)

    [line] = draw_lines([earned], deducting({ANI: owing()}))

    assert (line.recovery, line.loan) == (455_000, 45_000)


def test_a_loan_is_owed_out_of_the_lenders_capital() -> None:
    assert post_loan(FACT, ACCOUNTS, 1_200_000) == Transfer(7, "loan", 1, 2, 1_200_000, FACT.day)


def test_what_is_kept_back_goes_to_the_lender_and_makes_her_debt_less() -> None:
    assert post_kept(FACT, ACCOUNTS, Paid(84_000, 7_000)) == [
        Transfer(7, "repayment", 3, 1, 84_000, FACT.day),
        Transfer(7, "repayment", 2, 4, 84_000, FACT.day),
        Transfer(7, "service-fee", 3, 4, 7_000, FACT.day),
    ]
    assert post_kept(FACT, ACCOUNTS, Paid(0, 7_000)) == [Transfer(7, "service-fee", 3, 4, 7_000, FACT.day)]


def test_of_cash_only_the_principal_is_in_our_books() -> None:
    assert post_cash(FACT, ACCOUNTS, Paid(84_000, 7_000)) == [Transfer(7, "repayment", 2, 1, 84_000, FACT.day)]
    assert post_cash(FACT, ACCOUNTS, Paid(0, 7_000)) == []


def test_months_without_sales_pause_the_loan_until_all_is_due() -> None:
    since, today = date(2026, 1, 20), date(2026, 6, 3)

    assert paused(None, [], 12, today) == []
    assert paused(since, [], 12, today) == MONTHS[:5]
    assert paused(since, [MONTHS[1], MONTHS[3], MONTHS[5]], 12, today) == [MONTHS[0], MONTHS[2], MONTHS[4]]
    assert paused(since, [MONTHS[1], MONTHS[3]], 2, today) == [MONTHS[0], MONTHS[2]]


def test_months_begin_on_their_first_day() -> None:
    assert [next_month(month) for month in MONTHS] == [*MONTHS[1:], date(2027, 1, 1)]
    assert [last_month(next_month(month).replace(day=28)) for month in MONTHS] == MONTHS


def test_a_loan_moves_from_the_states_that_it_may_move_from() -> None:
    check_loan("approved", "applied", "approved")
    with pytest.raises(Rejected) as refused:
        check_loan("closed", "disbursed")
    assert refused.value.code == "loan_closed"


def test_no_day_lies_ahead_or_before_what_it_follows() -> None:
    today, earlier, ahead = date(2026, 11, 21), date(2026, 11, 20), date(2026, 11, 22)
    check_signed(today, today)
    check_disbursed(today, today, today)
    check_repaid(today, today, today)
    refusals: dict[str, Callable[[], None]] = {
        "signed_in_the_future": lambda: check_signed(ahead, today),
        "disbursed_in_the_future": lambda: check_disbursed(ahead, today, today),
        "disbursed_before_mandate": lambda: check_disbursed(earlier, today, today),
        "paid_in_the_future": lambda: check_repaid(ahead, today, today),
        "paid_before_disbursed": lambda: check_repaid(earlier, today, today),
    }
    for code, check in refusals.items():
        with pytest.raises(Rejected) as refused:
            check()
        assert refused.value.code == code
