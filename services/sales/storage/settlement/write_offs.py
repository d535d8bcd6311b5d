"""Write-offs: debts that the programme is asked to bear."""

from collections.abc import Sequence
from uuid import UUID

from services.sales.storage.settlement import acts
from shared.contracts.sales.settlement import ProposeWriteOff, WriteOff
from shared.db import Row, Tx


async def add_write_off(tx: Tx, write_off_id: UUID, proposed: ProposeWriteOff) -> int:
    """Its number among all facts."""
    no: int = await tx.fetchval(
        "INSERT INTO write_off (write_off_id, maker_id, amount, reason) VALUES ($1, $2, $3, $4) RETURNING no",
        write_off_id,
        proposed.maker_id,
        proposed.amount,
        proposed.reason,
    )
    return no


async def lock_write_off(tx: Tx, write_off_id: UUID) -> Row | None:
    """`no, maker_id, amount`. Its state must be read afterwards: another may have moved it while we waited."""
    return await tx.fetchrow(
        "SELECT no, maker_id, amount FROM write_off WHERE write_off_id = $1 FOR UPDATE", write_off_id
    )


async def get_write_off(tx: Tx, write_off_id: UUID) -> WriteOff | None:
    """As it is now."""
    row = await tx.fetchrow(
        "SELECT no, write_off_id, maker_id, amount, reason FROM write_off WHERE write_off_id = $1", write_off_id
    )
    return (await list_whole(tx, [row]))[0] if row else None


async def list_whole(tx: Tx, rows: Sequence[Row]) -> list[WriteOff]:
    """Write-offs as they are now. `rows`: no, write_off_id, maker_id, amount, reason."""
    numbers = [row["no"] for row in rows]
    steps, approvals = await acts.list_steps(tx, numbers), await acts.list_approvals(tx, numbers)
    return [
        WriteOff(
            **row,
            state=steps[row["no"]][-1].state,
            approvals=approvals[row["no"]],
            steps=steps[row["no"]],
        )
        for row in rows
    ]
