"""What became of all that the tills reported, for the coordinators."""

from shared.contracts.sales import FeedSummary, MakerEarnings, RusunEarnings, SummariseFeed
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def summarise_feed(_: Received[SummariseFeed], tx: Tx) -> FeedSummary:
    """Counted from the tables themselves, never from counters that could drift."""
    counts = await _get_counts(tx)
    parked = await _count_parked(tx)
    return FeedSummary(
        **counts,
        parked=sum(parked.values()),
        parked_by_code=parked,
        earned_by_rusun=[RusunEarnings(**row) for row in await _list_rusun(tx)],
        top_makers=[MakerEarnings(**row) for row in await _list_top_makers(tx)],
    )


async def _get_counts(tx: Tx) -> Row:
    row = await tx.fetchrow(
        """
        SELECT s.sales_accepted, s.units_sold, s.net_sold, r.returns_accepted, r.units_returned, r.net_returned,
               (SELECT coalesce(sum(n), 0)::bigint FROM tally
                WHERE type LIKE 'outlet.%' AND outcome = 'duplicate') AS duplicates_ignored,
               (SELECT count(*) FROM stock WHERE balance < 0) AS deficits
        FROM (
            SELECT count(*) AS sales_accepted, coalesce(sum(quantity), 0)::bigint AS units_sold,
                   coalesce(sum(quantity * unit_price - discount), 0)::bigint AS net_sold
            FROM sale
        ) s
        CROSS JOIN (
            SELECT count(*) AS returns_accepted, coalesce(sum(quantity), 0)::bigint AS units_returned,
                   coalesce(sum(net), 0)::bigint AS net_returned
            FROM returned
        ) r
        """
    )
    assert row is not None  # aggregates always give a row
    return row


async def _count_parked(tx: Tx) -> dict[str, int]:
    rows = await tx.fetch(
        """
        SELECT code, count(*) AS reports FROM parked
        WHERE type LIKE 'outlet.%' AND state IN ('waiting', 'person')
        GROUP BY code
        ORDER BY reports DESC, code
        """
    )
    return {row["code"]: row["reports"] for row in rows}


async def _list_rusun(tx: Tx) -> list[Row]:
    """What the makers of each rusun earned, by where each lived on the day; before her first home: there."""
    return await tx.fetch(
        """
        WITH home AS (
            SELECT m.account, h.rusun,
                   CASE WHEN lag(h.since) OVER each IS NULL THEN '-infinity' ELSE h.since END AS since,
                   lead(h.since, 1, 'infinity') OVER each AS until
            FROM maker_home h
            JOIN maker m USING (maker_id)
            WINDOW each AS (PARTITION BY h.maker_id ORDER BY h.since)
        ), earned AS (
            SELECT credit AS account, day, sum(amount) AS amount FROM transfer GROUP BY credit, day
            UNION ALL
            SELECT debit, day, -sum(amount) FROM transfer GROUP BY debit, day
        )
        SELECT home.rusun, count(DISTINCT home.account) AS makers, sum(earned.amount)::bigint AS amount
        FROM earned
        JOIN home ON home.account = earned.account AND earned.day >= home.since AND earned.day < home.until
        GROUP BY home.rusun
        ORDER BY amount DESC, home.rusun
        """
    )


async def _list_top_makers(tx: Tx) -> list[Row]:
    return await tx.fetch(
        """
        SELECT m.maker_id, sum(entry.amount)::bigint AS amount
        FROM (
            SELECT credit AS account, sum(amount) AS amount FROM transfer GROUP BY credit
            UNION ALL
            SELECT debit, -sum(amount) FROM transfer GROUP BY debit
        ) entry
        JOIN maker m USING (account)
        GROUP BY m.maker_id
        ORDER BY amount DESC, m.maker_id
        LIMIT 10
        """
    )
