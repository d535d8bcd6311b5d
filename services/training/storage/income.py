"""When makers earned, what of theirs was sent back, and who has been without income for long."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from shared.db import Tx


class Gap(NamedTuple):
    """A maker who has had neither income nor an order since then."""

    maker_id: UUID
    since: date
    days: int


async def get_unknown_makers(tx: Tx, makers: Sequence[UUID]) -> set[UUID]:
    """Those of them whom nobody has registered."""
    rows = await tx.fetch(
        """
        SELECT maker_id FROM unnest($1::uuid[]) AS told (maker_id)
        WHERE NOT EXISTS (SELECT FROM maker m WHERE m.maker_id = told.maker_id)
        """,
        makers,
    )
    return {row["maker_id"] for row in rows}


async def add_income(tx: Tx, makers: Sequence[UUID], days: Sequence[date]) -> None:
    """Each maker earned on the day beside her. Told again or in another order it comes to the same."""
    await tx.execute(
        """
        INSERT INTO maker_income AS i (maker_id, first_day, last_day)
        SELECT maker_id, min(day), max(day)
        FROM unnest($1::uuid[], $2::date[]) AS told (maker_id, day)
        GROUP BY maker_id
        ORDER BY maker_id
        ON CONFLICT (maker_id) DO UPDATE
        SET first_day = least(i.first_day, excluded.first_day), last_day = greatest(i.last_day, excluded.last_day)
        WHERE excluded.first_day < i.first_day OR excluded.last_day > i.last_day
        """,
        makers,
        days,
    )


async def add_sent_back(tx: Tx, makers: Sequence[UUID], submissions: Sequence[UUID], days: Sequence[date]) -> None:
    """A product of hers came back from the jury on that day."""
    await tx.execute(
        """
        INSERT INTO sent_back (maker_id, submission_id, day)
        SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[], $3::date[])
        ON CONFLICT DO NOTHING
        """,
        makers,
        submissions,
        days,
    )


async def add_without_income(tx: Tx, poor: date, today: date, limit: int) -> list[Gap]:
    """Makers who have had no income and no order since `poor`, and of whom this was not told before; some of them."""
    rows = await tx.fetch(
        """
        INSERT INTO without_income (maker_id, since, days, found_on)
        SELECT maker_id, since, $2 - since, $2 FROM income_gap g
        WHERE since <= $1
          AND NOT EXISTS (SELECT FROM without_income w WHERE w.maker_id = g.maker_id AND w.since = g.since)
        ORDER BY maker_id
        LIMIT $3
        ON CONFLICT (maker_id, since) DO NOTHING
        RETURNING maker_id, since, days
        """,
        poor,
        today,
        limit,
    )
    return [Gap(*row) for row in rows]
