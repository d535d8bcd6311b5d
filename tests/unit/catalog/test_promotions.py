"""The rules of promotions by themselves: who pays is said, when it runs is clear, what was sold stays sold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.catalog.domain import promotions
from shared.contracts.catalog import FundedBy, Promotion, SchedulePromotion
from shared.errors import Invalid, Rejected

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TERMS: dict[str, Any] = {
    "promo_id": "HUT-RI_81",
    "title": "Independence day",
    "discount_bps": 1500,
    "funded_by": "everyone",
    "valid_from": NOON,
    "valid_to": NOON + DAY,
}


def scheduled(**other: Any) -> SchedulePromotion:
    return SchedulePromotion.model_validate(TERMS | other)


def a_promotion(**other: Any) -> Promotion:
    return Promotion.model_validate(TERMS | {"state": "running", "ends_at": None, "scheduled_at": NOON} | other)


def faults(**other: Any) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        scheduled(**other)
    return {str(fault["loc"][0]) for fault in refused.value.errors()}


def test_who_pays_is_never_guessed() -> None:
    with pytest.raises(ValidationError) as refused:
        SchedulePromotion.model_validate({name: value for name, value in TERMS.items() if name != "funded_by"})
    assert [fault["loc"] for fault in refused.value.errors()] == [("funded_by",)]
    assert faults(funded_by="somebody") == {"funded_by"}


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_funders_pay_the_whole_of_it(outlet: int, programme: int, makers: int) -> None:
    shares = {"outlet_bps": outlet, "programme_bps": programme, "makers_bps": makers}
    if outlet + programme + makers == 10_000:
        assert scheduled(funded_by=shares).funded_by == FundedBy(**shares)
    else:
        assert faults(funded_by=shares) == {"funded_by"}


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_two_funders_may_share_in_any_way(outlet: int, programme: int) -> None:
    outlet, programme = min(outlet, programme), max(outlet, programme) - min(outlet, programme)
    shares = {"outlet_bps": outlet, "programme_bps": programme, "makers_bps": 10_000 - outlet - programme}
    assert scheduled(funded_by=shares).funded_by == FundedBy(**shares)


@pytest.mark.parametrize("discount", [0, 9001, -1, 15.5])
def test_a_promotion_takes_off_something_and_never_nearly_everything(discount: float) -> None:
    assert faults(discount_bps=discount) == {"discount_bps"}


@pytest.mark.parametrize("promo_id", ["", "-A", "two words", "a" * 65, "Ä1", "A/1"])
def test_a_till_can_send_the_id_that_a_promotion_has(promo_id: str) -> None:
    assert faults(promo_id=promo_id) == {"promo_id"}


@pytest.mark.parametrize("length", [timedelta(0), -HOUR])
def test_a_promotion_ends_after_it_begins(length: timedelta) -> None:
    promotions.check_window(scheduled())
    with pytest.raises(Invalid) as refused:
        promotions.check_window(scheduled(valid_to=NOON + length))
    assert [fault["field"] for fault in refused.value.errors] == ["valid_to"]


def test_a_promotion_of_nothing_is_a_slip_of_the_pen() -> None:
    promotions.check_skus([])
    with pytest.raises(Rejected, match=r"sku_unknown.*BTK-0404, BTK-0405"):
        promotions.check_skus(["BTK-0404", "BTK-0405"])


def test_a_promotion_ends_now_or_later() -> None:
    promotions.check_end(a_promotion(), NOON + HOUR - timedelta(seconds=59), NOON + HOUR)
    with pytest.raises(Rejected, match="end_in_the_past"):
        promotions.check_end(a_promotion(), NOON + HOUR - timedelta(seconds=61), NOON + HOUR)


@pytest.mark.parametrize("ends_at", [None, NOON + 2 * HOUR])
def test_an_end_is_only_ever_moved_forward(ends_at: datetime | None) -> None:
    promotion, last = a_promotion(ends_at=ends_at), ends_at or NOON + DAY
    promotions.check_end(promotion, last - HOUR, NOON)
    for later in (last, last + HOUR):
        with pytest.raises(Rejected, match="promotion_ends_earlier"):
            promotions.check_end(promotion, later, NOON)


@given(st.integers(-48, 48), st.none() | st.integers(-24, 23))
def test_a_promotion_runs_from_its_first_moment_until_before_its_end(hour: int, ended: int | None) -> None:
    end = promotions.end_of(NOON + DAY, None if ended is None else NOON + ended * HOUR)
    state = promotions.state_at(NOON, end, NOON + hour * HOUR)
    last = 24 if ended is None else ended
    assert (state == "running") == (0 <= hour < last)
    assert (state == "ended") == (hour >= last)
