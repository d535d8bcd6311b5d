"""When it is told that a shelf promises more than lies there."""

import pytest
from prometheus_client import REGISTRY

from services.sales.handlers.shelves import told
from shared.contracts.message import Event
from shared.contracts.sales import StockDeficitCleared, StockDeficitRaised

CLEARED = StockDeficitCleared(outlet="citos", sku="A-1")


def raised(missing: int) -> Event:
    return StockDeficitRaised(outlet="citos", sku="A-1", missing=missing)


@pytest.mark.parametrize(
    ("before", "after", "events"),
    [
        (3, 0, []),
        (0, -1, [raised(1)]),
        (-1, -3, [raised(3)]),
        (-3, -1, []),
        (-1, 0, [CLEARED]),
        (-1, 5, [CLEARED]),
        (0, 5, []),
        (-2, -2, []),
    ],
)
def test_every_step_further_below_nothing_is_told_and_the_way_back(
    before: int, after: int, events: list[Event]
) -> None:
    assert told({("citos", "A-1"): (before, after)}) == events


def counted(act: str) -> float:
    return REGISTRY.get_sample_value("karya_stock_deficits_total", {"act": act}) or 0.0


def test_deficits_are_counted_as_they_are_told() -> None:
    before = counted("raised"), counted("cleared")
    told({("citos", "A-1"): (0, -1), ("citos", "A-2"): (-1, -2), ("pim", "A-1"): (-2, 1)})
    assert (counted("raised"), counted("cleared")) == (before[0] + 2, before[1] + 1)
