"""What became of all that the tills reported, for the coordinators."""

from collections import Counter
from uuid import UUID

from shared.contracts.sales import FeedSummary, MakerEarnings, RusunEarnings, SummariseFeed
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def summarise_feed(_: Received[SummariseFeed], tx: Tx) -> FeedSummary:
    """Counted from the tables themselves, never from counters that could drift."""
    counts = await _get_counts(tx)
    parked = await _count_parked(tx)
    earnings = await _list_earnings(tx)
    return FeedSummary(
        **counts,
        parked=sum(parked.values()),
        parked_by_code=parked,
        earned_by_rusun=_by_rusun(earnings),
        top_makers=_top_makers(earnings),
    )


async def _get_counts(tx: Tx) -> Row:
    row = await tx.fetchrow(
        """
        SELECT s.sales_accepted, s.units_sold, s.net_sold, r.returns_accepted, r.units_returned, r.net_returned,
               v.units_voided, v.net_voided,
               (SELECT count(*) FROM receipt_void) AS voids_accepted,
               (SELECT count(*) FROM till_closing) AS closings_accepted,
               (SELECT coalesce(sum(n), 0)::bigint FROM tally
                WHERE type LIKE 'outlet.%' AND outcome = 'duplicate') AS duplicates_ignored,
               (SELECT count(*) FROM stock WHERE balance < 0) AS deficits
        FROM (
            SELECT count(*) AS sales_accepted, coalesce(sum(quantity), 0)::bigint AS units_sold,
                   coalesce(sum(quantity * unit_price - discount), 0)::bigint AS net_sold
            FROM sale
        ) s
        CROSS JOIN (
            -- What was voided with its receipt is accepted, but did not come back.
            SELECT count(returned.no) AS returns_accepted,
                   (coalesce(sum(quantity), 0) - max(u.units))::bigint AS units_returned,
                   (coalesce(sum(net), 0) - max(u.amount))::bigint AS net_returned
            FROM (SELECT coalesce(sum(quantity), 0) AS units, coalesce(sum(net), 0) AS amount FROM return_void) u
            LEFT JOIN returned ON true
        ) r
        CROSS JOIN (
            SELECT coalesce(sum(quantity), 0)::bigint AS units_voided, coalesce(sum(net), 0)::bigint AS net_voided
            FROM sale_void
        ) v
        """
    )
    assert row is not None  # aggregates always give a row
    return row


async def _count_parked(tx: Tx) -> dict[str, int]:
    """What waits or was given up. Whatever type it claims to have: only what came from a till has an arrival."""
    rows = await tx.fetch(
        """
        SELECT code, count(*) AS reports FROM parked
        WHERE arrival <> 0 AND state <> 'redriven'
        GROUP BY code
        ORDER BY reports DESC, code
        """
    )
    return {row["code"]: row["reports"] for row in rows}


EARNINGS = """
    WITH home AS MATERIALIZED (
        SELECT m.maker_id, m.account, h.rusun, count(*) OVER (PARTITION BY h.maker_id) > 1 AS moved,
               CASE WHEN lag(h.since) OVER each IS NULL THEN '-infinity' ELSE h.since END AS since,
               lead(h.since, 1, 'infinity') OVER each AS until
        FROM maker_home h
        JOIN maker m USING (maker_id)
        WINDOW each AS (PARTITION BY h.maker_id ORDER BY h.since)
    ), moved AS (
        SELECT DISTINCT account FROM home WHERE moved
    ), pair AS (
        SELECT debit, credit, day, sum(amount) AS amount FROM transfer
        WHERE kind IN ('sale', 'return', 'void')
        GROUP BY debit, credit, day
    ), back AS (
        SELECT account, amount, day, coalesce(r.sale, v.sale, u.sale) AS sale
        FROM moved
        CROSS JOIN LATERAL (
            SELECT cause, day, amount FROM transfer WHERE credit = account AND kind IN ('return', 'void')
            UNION ALL
            SELECT cause, day, -amount FROM transfer WHERE debit = account AND kind IN ('return', 'void')
        ) t
        LEFT JOIN returned r ON r.no = t.cause
        LEFT JOIN sale_void v ON v.no = t.cause
        LEFT JOIN return_void u ON u.no = t.cause
    ), entry AS (
        SELECT credit AS account, day, amount FROM pair
        UNION ALL
        SELECT debit, day, -amount FROM pair
        UNION ALL
        SELECT account, day, -amount FROM back
        UNION ALL
        SELECT account, (SELECT (sold_at AT TIME ZONE 'Asia/Jakarta')::date FROM sale WHERE no = back.sale), amount
        FROM back
    )
    SELECT home.maker_id, home.rusun, sum(entry.amount)::bigint AS amount
    FROM entry
    JOIN home ON home.account = entry.account AND entry.day >= home.since AND entry.day < home.until
    GROUP BY home.maker_id, home.rusun
"""


async def _list_earnings(tx: Tx) -> list[Row]:
    """What each maker earned in each rusun that she lived in on the day of sale, in one pass over the ledger.

    What takes pieces back counts on the day on which they were sold; that matters, and is looked up, only for those who
    have moved. What was sold before her first home counts for that one.
    """
    return await tx.fetch(EARNINGS)


def _by_rusun(earnings: list[Row]) -> list[RusunEarnings]:
    """The one that earned most first."""
    sums: Counter[str] = Counter()
    for row in earnings:
        sums[row["rusun"]] += row["amount"]
    makers = Counter([row["rusun"] for row in earnings])
    found = [RusunEarnings(rusun=rusun, makers=makers[rusun], amount=amount) for rusun, amount in sums.items()]
    return sorted(found, key=lambda rusun: (-rusun.amount, rusun.rusun))


def _top_makers(earnings: list[Row]) -> list[MakerEarnings]:
    """The ten who earned most, wherever they lived."""
    sums: Counter[UUID] = Counter()
    for row in earnings:
        sums[row["maker_id"]] += row["amount"]
    found = [MakerEarnings(maker_id=maker_id, amount=amount) for maker_id, amount in sums.items()]
    return sorted(found, key=lambda maker: (-maker.amount, maker.maker_id))[:10]
