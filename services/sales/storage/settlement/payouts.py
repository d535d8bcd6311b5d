"""Batches of payouts: who is in them, what they pay."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.settlement import Paid
from services.sales.storage.settlement import acts
from services.sales.storage.settlement.books import list_days
from shared.contracts.sales.settlement import Payout, PayoutHead, PayoutLine
from shared.db import Row, Tx


class Batch(NamedTuple):
    """A batch as it is frozen, without its lines."""

    no: int
    payout_id: UUID
    position: int
    day: date
    cooperative: str


async def claim_number(tx: Tx) -> int:
    """A number among all facts."""
    no: int = await tx.fetchval("SELECT nextval('fact')")
    return no


async def lock_makers(tx: Tx, cooperative: str) -> None:
    """Those who ever had a home of this cooperative: whoever else claims one of them waits, in one order everywhere."""
    await tx.execute(
        """
        SELECT FROM maker
        WHERE maker_id IN (SELECT maker_id FROM maker_home WHERE cooperative = $1)
        ORDER BY maker_id
        FOR NO KEY UPDATE
        """,
        cooperative,
    )


async def claim_makers(tx: Tx, batch: int, cooperative: str) -> None:
    """Each for the days on which her home was the cooperative's, less those that another open batch has claimed.

    They must be locked. Before her first home a maker belongs where that one is.
    """
    await tx.execute(
        """
        WITH home AS (
            SELECT maker_id, cooperative,
                   daterange(CASE WHEN lag(since) OVER each IS NOT NULL THEN since END, lead(since) OVER each) AS days
            FROM maker_home
            WHERE maker_id IN (SELECT maker_id FROM maker_home WHERE cooperative = $2)
            WINDOW each AS (PARTITION BY maker_id ORDER BY since)
        ), claimed AS (
            SELECT maker_id, range_agg(open.day) AS days
            FROM payout_open CROSS JOIN LATERAL unnest(days) AS open (day)
            GROUP BY maker_id
        )
        INSERT INTO payout_open (maker_id, payout, days)
        SELECT maker_id, $1, days
        FROM (
            SELECT home.maker_id, range_agg(home.days) - coalesce(claimed.days, '{}') AS days
            FROM home
            LEFT JOIN claimed USING (maker_id)
            WHERE home.cooperative = $2
            GROUP BY home.maker_id, claimed.days
        ) hers
        WHERE NOT isempty(days)
        """,
        batch,
        cooperative,
    )


async def mark_settled(tx: Tx, batch: int) -> None:
    """Its makers can be in another batch."""
    await tx.execute("DELETE FROM payout_open WHERE payout = $1", batch)


async def mark_left_out(tx: Tx, batch: int) -> None:
    """Those who got no line can be in another batch."""
    await tx.execute(
        """
        DELETE FROM payout_open o
        WHERE o.payout = $1
          AND NOT EXISTS (SELECT 1 FROM payout_line l WHERE l.payout = o.payout AND l.maker_id = o.maker_id)
        """,
        batch,
    )


async def add_payout(tx: Tx, batch: Batch) -> None:
    await tx.execute(
        "INSERT INTO payout (no, payout_id, position, day, cooperative) VALUES ($1, $2, $3, $4, $5)", *batch
    )


async def add_lines(tx: Tx, batch: int, lines: Sequence[PayoutLine]) -> None:
    """For the days that the batch has claimed of each maker."""
    await tx.execute(
        """
        INSERT INTO payout_line (payout, maker_id, gross, debt, recovery, days)
        SELECT open.payout, line.*, open.days
        FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[]) AS line (maker_id, gross, debt, recovery)
        JOIN payout_open open ON open.payout = $1 AND open.maker_id = line.maker_id
        """,
        batch,
        [line.maker_id for line in lines],
        [line.gross for line in lines],
        [line.debt for line in lines],
        [line.recovery for line in lines],
    )


async def lock_payout(tx: Tx, payout_id: UUID) -> Row | None:
    """`no, cooperative`. Its state must be read afterwards: another may have moved it while we waited."""
    return await tx.fetchrow("SELECT no, cooperative FROM payout WHERE payout_id = $1 FOR UPDATE", payout_id)


async def list_paid(tx: Tx, batch: int) -> list[Paid]:
    """What is paid to whom, by maker."""
    rows = await tx.fetch(
        """
        SELECT l.maker_id, m.account, l.amount
        FROM payout_line l
        JOIN maker m USING (maker_id)
        WHERE l.payout = $1
        ORDER BY l.maker_id
        """,
        batch,
    )
    return [Paid(*row) for row in rows]


async def get_payout(tx: Tx, payout_id: UUID) -> Payout | None:
    """The whole batch as it is now."""
    row = await tx.fetchrow("SELECT no, position, day, cooperative FROM payout WHERE payout_id = $1", payout_id)
    if row is None:
        return None
    no = row["no"]
    lines = await _list_lines(tx, no)
    steps = (await acts.list_steps(tx, [no]))[no]
    return Payout(
        payout_id=payout_id,
        cooperative=row["cooperative"],
        state=steps[-1].state,
        day=row["day"],
        makers=len(lines),
        total=sum([line.amount for line in lines]),
        approvals=(await acts.list_approvals(tx, [no]))[no],
        steps=steps,
        position=row["position"],
        lines=lines,
    )


async def _list_lines(tx: Tx, batch: int) -> list[PayoutLine]:
    rows = await tx.fetch(
        "SELECT maker_id, gross, debt, recovery, amount, days FROM payout_line WHERE payout = $1 ORDER BY maker_id",
        batch,
    )
    return [PayoutLine(**{**row, "days": list_days(row["days"])}) for row in rows]


async def list_heads(tx: Tx, rows: Sequence[Row]) -> list[PayoutHead]:
    """Batches without their lines. `rows`: no, payout_id, cooperative, day, makers, total."""
    numbers = [row["no"] for row in rows]
    steps, approvals = await acts.list_steps(tx, numbers), await acts.list_approvals(tx, numbers)
    return [
        PayoutHead(
            **row,
            state=steps[row["no"]][-1].state,
            approvals=approvals[row["no"]],
            steps=steps[row["no"]],
        )
        for row in rows
    ]
