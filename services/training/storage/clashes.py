"""Sessions with their time and with all that they need, as far as they could clash."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.clashes import Slot
from shared.db import Row, Tx


async def list_slots_around(tx: Tx, cohort_id: UUID) -> list[Slot]:
    """The sessions of a cohort and all others that overlap one of them."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT t.session_id
        FROM session_time mine
        JOIN session_time t
          ON t.starts_at > mine.starts_at - interval '1 day' AND t.starts_at < mine.ends_at
         AND t.ends_at > mine.starts_at
        WHERE mine.cohort_id = $1
        """,
        cohort_id,
    )
    return await _list_slots(tx, [row["session_id"] for row in rows])


async def list_slots_between(tx: Tx, begin: datetime, end: datetime) -> list[Slot]:
    """The sessions that last into this time; none lasts longer than a day."""
    rows = await tx.fetch(
        """
        SELECT session_id
        FROM session_time
        WHERE starts_at > $1::timestamptz - interval '1 day' AND starts_at < $2 AND ends_at > $1
        """,
        begin,
        end,
    )
    return await _list_slots(tx, [row["session_id"] for row in rows])


async def _list_slots(tx: Tx, sessions: Sequence[UUID]) -> list[Slot]:
    """A maker with a seat that is only offered to her has to keep the time free, too."""
    rows = await tx.fetch(
        """
        SELECT session_id, cohort_id, number, planned_start, planned_minutes, starts_at, ends_at,
               completed_at IS NOT NULL AS was_held, place,
               ARRAY (SELECT trainer_id FROM session_trainer r WHERE r.session_id = t.session_id) AS trainers,
               ARRAY (
                   SELECT maker_id FROM enrolment e
                   WHERE e.cohort_id = t.cohort_id AND e.state IN ('enrolled', 'offered')
               ) AS makers
        FROM session_time t
        WHERE session_id = ANY ($1::uuid[])
        """,
        sessions,
    )
    return [_slot(row) for row in rows]


def _slot(row: Row) -> Slot:
    return Slot(**{**row, "trainers": frozenset(row["trainers"]), "makers": frozenset(row["makers"])})
