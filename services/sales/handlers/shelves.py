"""What is told when a shelf promises more pieces than lie there, and when it no longer does."""

from collections.abc import Mapping

from prometheus_client import Counter

from services.sales.domain.stock import Shelf
from shared.contracts.sales import StockDeficitCleared, StockDeficitRaised

DEFICITS = Counter("karya_stock_deficits_total", "Steps of shelves below nothing, and ways back, by act", ["act"])

Told = StockDeficitRaised | StockDeficitCleared


def told(changes: Mapping[Shelf, tuple[int, int]]) -> list[Told]:
    """From what was available on each shelf before and after: every step further below 0, and the way back."""
    events: list[Told] = []
    for (outlet, sku), (before, after) in changes.items():
        if after < 0 and after < before:
            DEFICITS.labels("raised").inc()
            events.append(StockDeficitRaised(outlet=outlet, sku=sku, missing=-after))
        elif before < 0 <= after:
            DEFICITS.labels("cleared").inc()
            events.append(StockDeficitCleared(outlet=outlet, sku=sku))
    return events
