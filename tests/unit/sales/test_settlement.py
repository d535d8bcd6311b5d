"""What is paid of what is owed: a debt takes at most half, nobody is paid nothing, two people must agree."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.settlement import (
    MOST,
    Earned,
    Paid,
    check_debt,
    check_payout,
    check_write_off,
    draw_lines,
    person,
    post_payout,
    post_write_off,
)
from shared.contracts.sales.settlement import PayoutLine
from shared.errors import Rejected

ANI, WATI = UUID(int=1), UUID(int=2)
FACT = Fact(7, date(2026, 11, 21))


def line(gross: int, debt: int) -> PayoutLine:
    return draw_lines([Earned(ANI, gross, debt)])[0]


def test_who_owes_nothing_is_paid_all_that_she_earned() -> None:
    assert line(455_000, 0) == PayoutLine(maker_id=ANI, gross=455_000, debt=0, recovery=0, amount=455_000)


def test_of_the_next_sale_half_goes_into_the_debt_and_half_to_the_maker() -> None:
    assert line(337_500, 455_000) == PayoutLine(
        maker_id=ANI, gross=337_500, debt=455_000, recovery=168_750, amount=168_750
    )


def test_a_small_debt_is_recovered_whole() -> None:
    assert line(337_500, 1_000).amount == 336_500


def test_the_rupiah_that_cannot_be_halved_is_hers() -> None:
    assert (line(3, 10).recovery, line(3, 10).amount) == (1, 2)
    assert (line(1, 10).recovery, line(1, 10).amount) == (0, 1)


def test_who_earned_nothing_has_no_line() -> None:
    assert draw_lines([Earned(ANI, 0, 0), Earned(WATI, 0, 455_000)]) == []


def test_a_batch_is_not_longer_than_an_event_can_tell() -> None:
    makers = [Earned(UUID(int=n), 1, 0) for n in range(MOST + 1)]
    assert [one.maker_id for one in draw_lines(makers)] == [maker.maker_id for maker in makers[:MOST]]


def test_a_loan_is_repaid_of_what_the_debt_leaves() -> None:
    def a_fifth(maker: Earned, payable: int) -> int:
        return payable * maker.remitted // maker.gross // 5

    one = draw_lines([Earned(ANI, 337_500, 455_000, remitted=337_500)], a_fifth)[0]
    assert (one.recovery, one.remitted, one.loan, one.amount) == (168_750, 337_500, 33_750, 135_000)


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_a_debt_never_takes_more_than_half_and_never_more_than_it_is(gross: int, debt: int) -> None:
    one = line(gross, debt)
    assert 0 <= one.recovery <= debt
    assert 2 * one.recovery <= gross
    assert one.amount == gross - one.recovery > 0
    assert one.recovery == debt or 2 * (one.recovery + 1) > gross


def test_a_payout_is_owed_to_the_cooperative_instead_of_the_makers() -> None:
    assert post_payout(FACT, [Paid(ANI, 4, 455_000), Paid(WATI, 5, 1)], 9) == [
        Transfer(7, "payout", 4, 9, 455_000, FACT.day),
        Transfer(7, "payout", 5, 9, 1, FACT.day),
    ]


def test_a_debt_that_is_written_off_is_borne_by_the_programme() -> None:
    assert post_write_off(FACT, 4, 8, 286_250) == Transfer(7, "write-off", 8, 4, 286_250, FACT.day)


def test_a_person_is_the_same_whatever_key_she_uses() -> None:
    assert person("finance:ani") == person("coordinator:ani") != person("finance:wati")


def test_a_batch_moves_from_its_own_state_only() -> None:
    check_payout("frozen", "frozen")
    with pytest.raises(Rejected) as refused:
        check_payout("paid", "approved")
    assert refused.value.code == "payout_paid"


def test_what_is_settled_is_not_written_off_again() -> None:
    check_write_off("proposed")
    with pytest.raises(Rejected) as refused:
        check_write_off("posted")
    assert refused.value.code == "write_off_posted"


@pytest.mark.parametrize("owed", [99, 0, -5])
def test_no_more_is_written_off_than_is_owed(owed: int) -> None:
    check_debt(100, 100)
    with pytest.raises(Rejected) as refused:
        check_debt(100, owed)
    assert refused.value.code == "more_than_owed"
