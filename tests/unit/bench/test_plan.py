"""A past has as many sales as the ledger lacks rows, spread over months, and leaves in the inbox what it remembers."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.bench.seeding.plan import SPAN, TRANSFERS, plan_of
from shared.runtime.migrate import DAYS_AHEAD, INBOX_DAYS

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("rows", "there", "sales"), [(9, 0, 3), (10, 0, 4), (1_000_000, 400_000, 200_000), (5, 9, 0)])
def test_it_makes_up_for_what_is_lacking(rows: int, there: int, sales: int) -> None:
    plan = plan_of(rows, there, NOON)

    assert plan.sales == sales
    assert there + plan.sales * TRANSFERS >= rows or there >= rows


def test_sales_fill_the_months_up_to_an_hour_ago() -> None:
    plan = plan_of(3_000_000, 0, NOON)

    assert plan.until == NOON - timedelta(hours=1)
    assert plan.until - plan.since == SPAN
    assert plan.until - plan.sales * plan.step < plan.since + timedelta(seconds=2)


def test_the_inbox_holds_no_day_that_would_be_dropped() -> None:
    plan = plan_of(3_000_000, 0, NOON)

    assert plan.inbox_since == plan.until - timedelta(days=INBOX_DAYS - 1)


def test_every_day_gets_a_partition() -> None:
    plan = plan_of(3, 0, NOON)

    made = {day + timedelta(days=ahead) for day in plan.partition_days() for ahead in range(DAYS_AHEAD)}
    assert {plan.since.date() + timedelta(days=n) for n in range(SPAN.days)} <= made
