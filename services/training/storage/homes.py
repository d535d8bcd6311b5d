"""Where makers live, and lived: a history that is added to; what was put right is kept beside it."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from shared.db import Row, Tx


class NewHome(NamedTuple):
    """A row of the history: from `since` on, until a later row."""

    maker_id: UUID
    since: date
    rusun: str
    block: str
    unit: str


async def add_home(tx: Tx, home: NewHome, at: datetime, by: str) -> None:
    """Of two for one day the later one counts; `mark_replaced` keeps the earlier one."""
    await tx.execute(
        """
        INSERT INTO maker_home (maker_id, since, rusun, block, unit, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (maker_id, since) DO UPDATE
        SET rusun = excluded.rusun, block = excluded.block, unit = excluded.unit,
            recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by
        """,
        *home,
        at,
        by,
    )


async def mark_replaced(tx: Tx, maker_id: UUID, since: date, at: datetime) -> None:
    """Keeps what is written for that day, if anything is, before another home is."""
    await tx.execute(
        """
        INSERT INTO maker_home_replaced
            (maker_id, since, rusun, block, unit, recorded_at, recorded_by, replaced_at)
        SELECT maker_id, since, rusun, block, unit, recorded_at, recorded_by, $3
        FROM maker_home
        WHERE maker_id = $1 AND since = $2
        """,
        maker_id,
        since,
        at,
    )


async def list_standing(tx: Tx, maker_id: UUID) -> list[NewHome]:
    """The homes that count, the first one first. Her row must be locked: another may be writing one."""
    rows = await tx.fetch(
        "SELECT maker_id, since, rusun, block, unit FROM maker_home WHERE maker_id = $1 ORDER BY since", maker_id
    )
    return [NewHome(*row) for row in rows]


async def list_homes(tx: Tx, maker_id: UUID) -> list[Row]:
    """All of them as `Home` has them: by day, of one day the one that counts last."""
    return await tx.fetch(
        """
        SELECT h.rusun, r.name AS rusun_name, r.cooperative, h.block, h.unit, h.since, h.until, h.recorded_at,
               h.recorded_by AS by, h.replaced_at
        FROM (
            SELECT rusun, block, unit, since, lead(since) OVER (ORDER BY since) AS until,
                   recorded_at, recorded_by, NULL::timestamptz AS replaced_at, NULL::bigint AS no
            FROM maker_home WHERE maker_id = $1
            UNION ALL
            SELECT rusun, block, unit, since, NULL, recorded_at, recorded_by, replaced_at, no
            FROM maker_home_replaced WHERE maker_id = $1
        ) h
        JOIN rusun r ON r.code = h.rusun
        ORDER BY h.since, h.no NULLS LAST
        """,
        maker_id,
    )
