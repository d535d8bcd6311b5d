"""What makers sold in a year, the rules of its tax, and who was told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.tax import Rule
from shared.db import Row, Tx

LOCK = 0x746178
MOST = 9_223_372_036_854_775_807

# Pieces of one price are put together first: what each maker has of one of them is reckoned once, however many were
# sold. `told_on` is given for what was recorded after the end of the year.
OF_ONE = """
    SELECT p.month, p.told_on, sum(p.pieces * hers.part)::bigint AS amount
    FROM (
        SELECT sku, net, date_trunc('month', day)::date AS month, sum(pieces) AS pieces,
               CASE WHEN recorded_at >= $2::date::timestamp AT TIME ZONE 'Asia/Jakarta'
                    THEN (recorded_at AT TIME ZONE 'Asia/Jakarta')::date END AS told_on
        FROM turnover_fact
        WHERE day >= $1 AND day < $2 AND sku = ANY (ARRAY(SELECT sku FROM product_maker WHERE maker_id = $3))
        GROUP BY 1, 2, 3, 5
    ) p
    CROSS JOIN LATERAL parts_of_price(p.sku, p.net) hers
    WHERE hers.maker_id = $3
    GROUP BY p.month, p.told_on
"""
OF_ALL = """
    WITH month AS (
        SELECT hers.maker_id, p.month, sum(p.pieces * hers.part) AS amount, sum(p.late * hers.part) AS late
        FROM (
            SELECT sku, net, date_trunc('month', day)::date AS month, sum(pieces) AS pieces,
                   coalesce(sum(pieces) FILTER (
                       WHERE recorded_at >= $2::date::timestamp AT TIME ZONE 'Asia/Jakarta'
                   ), 0) AS late
            FROM turnover_fact
            WHERE day >= $1 AND day < $2
            GROUP BY 1, 2, 3
        ) p
        CROSS JOIN LATERAL parts_of_price(p.sku, p.net) hers
        GROUP BY hers.maker_id, p.month
    )
    SELECT maker_id, sum(amount)::bigint AS turnover, sum(late)::bigint AS corrected,
           array_agg(month ORDER BY month) AS months, array_agg(amount::bigint ORDER BY month) AS amounts
    FROM month
    GROUP BY maker_id
    HAVING sum(amount) > $3 AND (sum(amount), maker_id::text) < ($4::bigint, $5::text)
    ORDER BY turnover DESC, maker_id::text DESC
    LIMIT $6
"""


class Sold(NamedTuple):
    """A maker's year: her turnover by month, and what of all of it was told of after the year."""

    maker_id: UUID
    turnover: int
    corrected: int
    months: Mapping[date, int]


async def list_parts(tx: Tx, year: int, maker_id: UUID) -> list[Row]:
    """`month, told_on, amount` of one maker; read by her products."""
    return await tx.fetch(OF_ONE, date(year, 1, 1), date(year + 1, 1, 1), maker_id)


async def list_sold(
    tx: Tx, year: int, above: int, limit: int | None = None, after: tuple[int, str] = (MOST, "")
) -> list[Sold]:
    """Who sold for more than that, the highest turnover first, in one pass. `after`: the last one that is known."""
    rows = await tx.fetch(OF_ALL, date(year, 1, 1), date(year + 1, 1, 1), above, *after, limit)
    return [Sold(row[0], row[1], row[2], dict(zip(row["months"], row["amounts"], strict=True))) for row in rows]


async def list_rules(tx: Tx) -> list[Rule]:
    """The first one first."""
    rows = await tx.fetch("SELECT valid_from, free, bps FROM tax_rule ORDER BY valid_from")
    return [Rule(*row) for row in rows]


async def add_rule(tx: Tx, rule: Rule, today: date) -> bool:
    """Takes the place of one of the same month that has not begun. False when that one holds already."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO tax_rule (valid_from, free, bps) VALUES ($1, $2, $3)
            ON CONFLICT (valid_from) DO UPDATE SET free = excluded.free, bps = excluded.bps
            WHERE tax_rule.valid_from > $4
            RETURNING true
            """,
            *rule,
            today,
        )
    )


async def lock_watch(tx: Tx) -> bool:
    """False when another replica has the turn."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK))


async def mark_told(tx: Tx, year: int, maker_ids: Sequence[UUID], at: datetime) -> list[UUID]:
    """Those who had not been told of that year before."""
    rows = await tx.fetch(
        """
        INSERT INTO tax_told (year, maker_id, told_at)
        SELECT $1, maker_id, $3 FROM unnest($2::uuid[]) AS maker_id
        ON CONFLICT (year, maker_id) DO NOTHING
        RETURNING maker_id
        """,
        year,
        maker_ids,
        at,
    )
    return [row["maker_id"] for row in rows]
