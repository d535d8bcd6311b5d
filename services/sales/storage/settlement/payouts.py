"""Batches of payouts: who is in them, what they pay."""

from collections.abc import Sequence
from uuid import UUID

from services.sales.domain.settlement import Paid
from services.sales.storage.settlement import acts, rows
from services.sales.storage.settlement.freezing import Batch
from shared.contracts.sales.settlement import FrozenLine, Payout, PayoutHead, PayoutLine
from shared.db import Row, Tx


async def claim_number(tx: Tx) -> int:
    """A number among all facts."""
    no: int = await tx.fetchval("SELECT nextval('fact')")
    return no


async def add_payout(tx: Tx, batch: Batch) -> None:
    await tx.execute("INSERT INTO payout (no, payout_id, day, cooperative) VALUES ($1, $2, $3, $4)", *batch)


async def add_lines(tx: Tx, batch: int, lines: Sequence[PayoutLine]) -> None:
    await tx.execute(
        """
        INSERT INTO payout_line (payout, maker_id, gross, debt, recovery, remitted, loan)
        SELECT $1, line.*
        FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) AS line
        """,
        batch,
        [line.maker_id for line in lines],
        [line.gross for line in lines],
        [line.debt for line in lines],
        [line.recovery for line in lines],
        [line.remitted for line in lines],
        [line.loan for line in lines],
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
    row = await rows.get_batch(tx, payout_id)
    if row is None:
        return None
    no = row["no"]
    lines = await _list_lines(tx, no)
    steps = (await acts.list_steps(tx, [no]))[no]
    return Payout(
        payout_id=payout_id,
        cooperative=row["cooperative"],
        state=row["state"],
        day=row["day"],
        makers=len(lines),
        total=sum([line.amount for line in lines]),
        approvals=(await acts.list_approvals(tx, [no]))[no],
        steps=steps,
        lines=lines,
        rows=await rows.list_rows(tx, no),
    )


async def _list_lines(tx: Tx, batch: int) -> list[FrozenLine]:
    rows = await tx.fetch(
        """
        SELECT l.maker_id, l.gross, l.debt, l.recovery, l.remitted, l.loan, l.amount, coalesce(i.items, 0) AS items
        FROM payout_line l
        JOIN maker m USING (maker_id)
        LEFT JOIN (SELECT account, count(*) AS items FROM payout_item WHERE payout = $1 GROUP BY account) i
             USING (account)
        WHERE l.payout = $1
        ORDER BY l.maker_id
        """,
        batch,
    )
    return [FrozenLine(**row) for row in rows]


async def list_heads(tx: Tx, batches: Sequence[Row]) -> list[PayoutHead]:
    """Batches without their lines. `batches`: no, payout_id, cooperative, day, state, makers, total."""
    numbers = [row["no"] for row in batches]
    steps, approvals = await acts.list_steps(tx, numbers), await acts.list_approvals(tx, numbers)
    return [
        PayoutHead(
            **row,
            approvals=approvals[row["no"]],
            steps=steps[row["no"]],
        )
        for row in batches
    ]
