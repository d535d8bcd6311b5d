"""Stock counts beside what the books hold for their moment today, and what came to light since."""

from services.sales.views.outlets import check_outlet
from shared.contracts.sales.goods import (
    GetStockCount,
    LateFact,
    ListStockCounts,
    StockCount,
    StockCountLine,
    StockCountNote,
    StockCounts,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_stock_counts(query: Received[ListStockCounts], tx: Tx) -> StockCounts:
    """The last recorded first. Raises NotFound for an outlet that is not registered."""
    asked = query.data
    await check_outlet(tx, asked.code)
    rows = await tx.fetch(
        """
        SELECT c.no, c.count_id, c.outlet, c.counted_at, c.recorded_at, line.lines, CASE
                   WHEN a.count IS NULL THEN 'counted'
                   WHEN EXISTS (SELECT FROM goods_movement m WHERE m.cause = c.no AND m.outlet = c.outlet
                                AND m.kind = 'adjusted' AND m.recorded_at > a.recorded_at) THEN 're-explained'
                   ELSE 'approved'
               END AS state
        FROM stock_count c
        LEFT JOIN stock_count_approval a ON a.count = c.no
        CROSS JOIN LATERAL (SELECT count(*) AS lines FROM stock_count_line WHERE count = c.no) line
        WHERE c.outlet = $1 AND ($2::bigint IS NULL OR c.no < $2)
        ORDER BY c.no DESC
        LIMIT $3
        """,
        asked.code,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return StockCounts(items=[StockCountNote(**row) for row in shown], next=following)


async def get_stock_count(query: Received[GetStockCount], tx: Tx) -> StockCount:
    """Raises NotFound, for an outlet also when the count is another's."""
    count = await tx.fetchrow(
        """
        SELECT c.no, c.count_id, c.outlet, c.counted_at, c.recorded_at, c.counted_by, c.note,
               a.approved_at, a.approved_by, a.recorded_at AS settled_at
        FROM stock_count c
        LEFT JOIN stock_count_approval a ON a.count = c.no
        WHERE c.count_id = $1 AND ($2::text IS NULL OR c.outlet = $2)
        """,
        query.data.count_id,
        query.data.outlet,
    )
    if count is None:
        raise NotFound("count_unknown", "there is no such stock count")
    lines = await _list_lines(tx, count["no"])
    late = await _list_late(
        tx, count["no"], [line["sku"] for line in lines if line["expected"] != line["first_expected"]]
    )
    return StockCount(**count, state=_state(count, lines), lines=[_line(line, late) for line in lines])


async def _list_lines(tx: Tx, count: int) -> list[Row]:
    """What the books hold for the moment but for this count itself: the balance less all that came after."""
    return await tx.fetch(
        """
        SELECT line.sku, line.counted, line.expected AS first_expected,
               (coalesce(stock.balance, 0) - moved.after - moved.made)::bigint AS expected,
               moved.adjusted::bigint AS adjusted, moved.adjusted_at
        FROM stock_count c
        JOIN stock_count_line line ON line.count = c.no
        LEFT JOIN stock ON stock.outlet = c.outlet AND stock.sku = line.sku
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(delta) FILTER (WHERE occurred_at > c.counted_at), 0) AS after,
                   coalesce(sum(delta) FILTER (WHERE occurred_at = c.counted_at AND kind = 'adjusted'
                                               AND cause >= c.no), 0) AS made,
                   coalesce(sum(delta) FILTER (WHERE kind = 'adjusted' AND cause = c.no), 0) AS adjusted,
                   max(recorded_at) FILTER (WHERE kind = 'adjusted' AND cause = c.no) AS adjusted_at
            FROM stock_movement m
            WHERE m.outlet = c.outlet AND m.sku = line.sku AND m.occurred_at >= c.counted_at
        ) moved
        WHERE c.no = $1
        ORDER BY line.position
        """,
        count,
    )


async def _list_late(tx: Tx, count: int, skus: list[str]) -> dict[str, list[LateFact]]:
    """What happened until the count and was recorded after it, of the SKUs whose expectation has changed since."""
    rows = await tx.fetch(
        """
        SELECT m.sku, m.kind, m.delta AS quantity, m.occurred_at, m.recorded_at
        FROM stock_count c
        CROSS JOIN unnest($2::text[]) AS changed (sku)
        JOIN stock_movement m ON m.outlet = c.outlet AND m.sku = changed.sku
        WHERE c.no = $1 AND m.occurred_at <= c.counted_at AND m.recorded_at > c.recorded_at
          AND NOT (m.kind = 'adjusted' AND m.occurred_at = c.counted_at AND m.cause >= c.no)
        ORDER BY m.recorded_at, m.occurred_at
        """,
        count,
        skus,
    )
    found: dict[str, list[LateFact]] = {sku: [] for sku in skus}
    for row in rows:
        found[row["sku"]].append(LateFact(**row))
    return found


def _state(count: Row, lines: list[Row]) -> str:
    if count["settled_at"] is None:
        return "counted"
    later = any(line["adjusted_at"] and line["adjusted_at"] > count["settled_at"] for line in lines)
    return "re-explained" if later else "approved"


def _line(line: Row, late: dict[str, list[LateFact]]) -> StockCountLine:
    return StockCountLine(
        sku=line["sku"],
        counted=line["counted"],
        expected=line["expected"],
        variance=line["counted"] - line["expected"],
        first_expected=line["first_expected"],
        adjusted=line["adjusted"],
        explained_by=late.get(line["sku"], []),
    )
