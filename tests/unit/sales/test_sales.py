"""Whether a reported sale can be booked: each reason by itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.sales.domain.feed import facts_of_sale
from services.sales.domain.sales import Known, Outlet, Product, SoldLine, judge
from services.sales.domain.split import Terms
from shared.contracts.outlets import SaleReported
from shared.errors import KaryaError

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
CITOS = Outlet(1, 2, 3, (Terms(date(2026, 11, 1), 2500, 1000), Terms(date(2026, 11, 15), 3000, 1000)))
SHAWL = Product((UUID(int=1),), (4,), (1,))
KNOWN = Known({"citos": CITOS}, {"BTK-0007": SHAWL})


def a_sale(**other: Any) -> SaleReported:
    facts: dict[str, Any] = {
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": 1,
        "sku": "BTK-0007",
        "quantity": 1,
        "unit_price": 700_000,
        "sold_at": NOON,
    }
    return SaleReported(**(facts | other))


def refusal(report: SaleReported) -> tuple[str, str]:
    verdict = judge(report, KNOWN, NOON)
    assert isinstance(verdict, KaryaError)
    return verdict.kind, verdict.code


def terms_of(report: SaleReported) -> int:
    line = judge(report, KNOWN, NOON)
    assert isinstance(line, SoldLine)
    return line.terms.outlet_bps


@pytest.mark.parametrize(
    ("other", "kind", "code"),
    [
        ({"outlet": "pim"}, "not_yet", "outlet_unknown"),
        ({"sku": "XXX-0001"}, "not_yet", "sku_unknown"),
        ({"sold_at": datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC)}, "not_yet", "agreement_missing"),
        ({"sold_at": NOON + timedelta(minutes=5, seconds=1)}, "rejected", "sold_in_the_future"),
        ({"discount": 700_001}, "rejected", "discount_exceeds_price"),
        ({"unit_price": 10**12, "quantity": 2}, "rejected", "amount_implausible"),
    ],
)
def test_a_sale_that_cannot_be_booked_says_why(other: dict[str, Any], kind: str, code: str) -> None:
    assert refusal(a_sale(**other)) == (kind, code)


def test_a_till_may_be_five_minutes_ahead() -> None:
    assert isinstance(judge(a_sale(sold_at=NOON + timedelta(minutes=5)), KNOWN, NOON), SoldLine)


def test_a_discount_may_take_the_whole_price() -> None:
    line = judge(a_sale(discount=700_000), KNOWN, NOON)
    assert isinstance(line, SoldLine)
    assert line.totals.net == 0


@pytest.mark.parametrize(
    ("sold_at", "outlet_bps"),
    [
        (datetime(2026, 11, 1, 0, 0, tzinfo=UTC), 2500),
        (datetime(2026, 11, 14, 16, 59, 59, tzinfo=UTC), 2500),
        (datetime(2026, 11, 14, 17, 0, 0, tzinfo=UTC), 3000),
    ],
)
def test_the_agreement_of_the_day_in_jakarta_counts(sold_at: datetime, outlet_bps: int) -> None:
    assert terms_of(a_sale(sold_at=sold_at)) == outlet_bps


def test_a_sale_is_booked_on_its_day_in_jakarta() -> None:
    line = judge(a_sale(sold_at=datetime(2026, 11, 19, 18, 0, tzinfo=UTC)), KNOWN, NOON)
    assert isinstance(line, SoldLine)
    assert line.day == date(2026, 11, 20)


@pytest.mark.parametrize(
    "other",
    [
        {"sku": "BTK-0008"},
        {"quantity": 2},
        {"unit_price": 70_000},
        {"discount": 1},
        {"sold_at": NOON - timedelta(seconds=1)},
        {"serial": "A1"},
        {"promo_id": "MERDEKA"},
    ],
)
def test_another_fact_makes_it_another_sale(other: dict[str, Any]) -> None:
    assert facts_of_sale(a_sale(**other)) != facts_of_sale(a_sale())


def test_what_is_no_fact_of_the_sale_may_differ() -> None:
    again = a_sale(till_seq=7, sold_at=NOON.astimezone(None))
    assert facts_of_sale(again) == facts_of_sale(a_sale())
