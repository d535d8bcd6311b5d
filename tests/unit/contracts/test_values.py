"""What no message may say, whoever sends it: times and numbers that no book can hold."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.message import Day, Moment
from shared.contracts.outlets import SaleReported, TillClosed

SALE = {"outlet": "citos", "till": "t", "receipt": "1", "line": 1, "sku": "A", "quantity": 1, "unit_price": 1}
AT = "2026-11-21T10:02:11+07:00"
CLOSED = {"outlet": "citos", "till": "t", "business_date": "2026-11-21", "events": 1, "total": 1}


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", 0, -1],
)
def test_a_moment_is_of_this_century(moment: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(moment)
    with pytest.raises(ValidationError, match="sold_at"):
        SaleReported.model_validate({**SALE, "sold_at": moment})


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_is_one_that_somebody_may_have_lived(day: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(day)


def test_the_ends_of_the_calendar_are_in_it() -> None:
    for text in ("2000-01-01T00:00:00+00:00", "2099-12-31T23:59:59+00:00"):
        moment: datetime = TypeAdapter(Moment).validate_python(text)
        assert moment.astimezone(UTC).isoformat() == text
    assert TypeAdapter(Day).validate_python("1900-01-01") == date(1900, 1, 1)


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**30, -1])
def test_a_tills_count_is_a_number_that_can_be_kept(number: int) -> None:
    assert SaleReported.model_validate({**SALE, "sold_at": AT, "till_seq": 2**63 - 2}).till_seq == 2**63 - 2
    with pytest.raises(ValidationError, match="till_seq"):
        SaleReported.model_validate({**SALE, "sold_at": AT, "till_seq": number})
    for field in ("events", "first_seq", "last_seq"):
        with pytest.raises(ValidationError, match=field):
            TillClosed.model_validate({**CLOSED, field: number})
    with pytest.raises(ValidationError, match="total"):
        TillClosed.model_validate({**CLOSED, "total": 10**30})
