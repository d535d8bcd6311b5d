"""What of a price goes to whom, by the agreements of today."""

from collections.abc import Sequence

from services.sales.domain.calendar import business_day
from services.sales.domain.split import Run, Terms, split_line
from shared.contracts.sales.parts import GetPriceParts, PriceParts, Range
from shared.db import Tx
from shared.runtime.envelope import Received


async def get_price_parts(query: Received[GetPriceParts], tx: Tx) -> PriceParts:
    """By the very rule that splits a sale."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (outlet) valid_from, outlet_bps, programme_bps
        FROM agreement
        WHERE valid_from <= $1
        ORDER BY outlet, valid_from DESC
        """,
        business_day(query.now),
    )
    runs = [split_line(1, query.data.price, Terms(**row), (1,))[0] for row in rows]
    return PriceParts(
        outlets=len(runs),
        outlet=_range([run.outlet for run in runs]),
        programme=_range([run.programme for run in runs]),
        makers=_range([_makers(run) for run in runs]),
    )


def _makers(run: Run) -> int:
    return sum(run.makers)


def _range(parts: Sequence[int]) -> Range:
    return Range(least=min(parts, default=0), most=max(parts, default=0))
