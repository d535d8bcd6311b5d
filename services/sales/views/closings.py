"""What tills counted of their days, beside what is recorded."""

from services.sales.domain.numbers import from_ranges
from shared.contracts.sales.tills import Closing, Closings, ListClosings
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_day, encode_cursor


async def list_closings(query: Received[ListClosings], tx: Tx) -> Closings:
    """The newest day first, each closing as it counts now. Raises NotFound for an outlet that is not registered."""
    asked = query.data
    day, till = decode_day(asked.cursor)
    if not await tx.fetchval("SELECT true FROM outlet WHERE code = $1", asked.code):
        raise NotFound("outlet_unknown", f"no outlet {asked.code} is registered")
    rows = await tx.fetch(
        """
        WITH closing AS (
            SELECT DISTINCT ON (day, till) *
            FROM till_closing
            WHERE outlet = $1 AND ($2::text IS NULL OR till = $2) AND ($3::date IS NULL OR (day, till) < ($3, $4::text))
            ORDER BY day DESC, till DESC, version DESC
            LIMIT $5
        )
        SELECT c.outlet, c.till, c.day AS business_date, c.version, coalesce(k.state, 'open') AS state,
               c.events AS reported_events, coalesce(d.events, 0) AS counted_events,
               c.total AS reported_total, coalesce(d.total, 0) AS counted_total, c.first_seq, c.last_seq,
               CASE WHEN c.first_seq IS NULL OR c.last_seq IS NULL THEN '{}'
                    ELSE int8multirange(int8range(c.first_seq, c.last_seq, '[]')) - coalesce(t.seen, '{}')
               END AS missing,
               c.recorded_at, k.tied_at, k.finding AS finding_id
        FROM closing c
        LEFT JOIN till_day d ON (d.outlet, d.till, d.day) = (c.outlet, c.till, c.day)
        LEFT JOIN till t ON (t.outlet, t.till) = (c.outlet, c.till)
        LEFT JOIN till_check k ON k.closing = c.no AND (k.outlet, k.till, k.day) = (c.outlet, c.till, c.day)
        ORDER BY c.day DESC, c.till DESC
        """,
        asked.code,
        asked.till,
        day,
        till,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    last = shown[-1] if len(rows) > len(shown) else None
    following = encode_cursor(last["business_date"].isoformat(), last["till"]) if last else None
    return Closings(items=[_closing(row) for row in shown], next=following)


def _closing(row: Row) -> Closing:
    return Closing(**{**row, "missing": from_ranges(row["missing"])})
