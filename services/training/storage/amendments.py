"""What was set right of a session: added to, never changed."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain.amendments import Change
from services.training.domain.attendance import Settled, Span
from shared.contracts.training import AmendSession, AttendanceStatus
from shared.db import Tx
from shared.runtime.envelope import Received


async def list_settled(tx: Tx, session_id: UUID) -> dict[UUID, Settled]:
    """The marks of a completed session as they stand."""
    rows = await tx.fetch("SELECT maker_id, status, minutes FROM attendance WHERE session_id = $1", session_id)
    return {row["maker_id"]: Settled(row["maker_id"], AttendanceStatus(row["status"]), row["minutes"]) for row in rows}


async def add_amendment(tx: Tx, command: Received[AmendSession], version: int, before: Span, since: Span) -> None:
    await tx.execute(
        """
        INSERT INTO session_amendment (session_id, version, reason, amended_at, amended_by,
                                       earlier_start, earlier_minutes, actual_start, actual_minutes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        command.data.session_id,
        version,
        command.data.reason,
        command.now,
        command.actor,
        before.start,
        before.minutes,
        since.start,
        since.minutes,
    )


async def add_changes(tx: Tx, session_id: UUID, version: int, changed: Sequence[Change]) -> None:
    await tx.execute(
        """
        INSERT INTO attendance_amendment (session_id, version, maker_id, earlier_status, earlier_minutes,
                                          status, minutes)
        SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::int[], $6::text[], $7::int[])
        """,
        session_id,
        version,
        [change.now.maker_id for change in changed],
        [change.earlier.status if change.earlier else None for change in changed],
        [change.earlier.minutes if change.earlier else None for change in changed],
        [change.now.status for change in changed],
        [change.now.minutes for change in changed],
    )


async def forget_reasons(tx: Tx, maker_id: UUID) -> None:
    """What was written about why her marks were set right. For a maker of whom nothing private is to stay."""
    await tx.execute(
        """
        UPDATE session_amendment s
        SET reason = ''
        FROM attendance_amendment a
        WHERE a.maker_id = $1 AND (a.session_id, a.version) = (s.session_id, s.version) AND s.reason <> ''
        """,
        maker_id,
    )
