"""The end of a cohort: what its decisions need, and the certificates."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.completion import Attended, Held
from shared.contracts.training import Certificate, Craft
from shared.db import Tx


async def get_held(tx: Tx, cohort_id: UUID) -> Held:
    row = await tx.fetchrow(
        """
        SELECT count(*) FILTER (WHERE completed_at IS NULL) AS open_sessions,
               coalesce(sum(actual_minutes), 0) AS minutes
        FROM session
        WHERE cohort_id = $1
        """,
        cohort_id,
    )
    return Held(**row) if row else Held(0, 0)


async def list_attended(tx: Tx, cohort_id: UUID) -> list[Attended]:
    """The enrolled makers, in the order in which they enrolled, each with all her minutes."""
    rows = await tx.fetch(
        """
        SELECT e.maker_id, coalesce(sum(a.minutes), 0) AS minutes
        FROM enrolment e
        LEFT JOIN attendance a USING (cohort_id, maker_id)
        WHERE e.cohort_id = $1 AND e.state = 'enrolled'
        GROUP BY e.maker_id, e.enrolled_at
        ORDER BY e.enrolled_at, e.maker_id
        """,
        cohort_id,
    )
    return [Attended(**row) for row in rows]


async def claim_sequences(tx: Tx, year: int, craft: Craft, count: int) -> range:
    """The next `count` (> 0) numbers of a year and craft. Others wait for them until this transaction ends."""
    last: int = await tx.fetchval(
        """
        INSERT INTO certificate_counter AS counter (year, craft, last)
        VALUES ($1, $2, $3)
        ON CONFLICT (year, craft) DO UPDATE SET last = counter.last + excluded.last
        RETURNING last
        """,
        year,
        craft,
        count,
    )
    return range(last - count + 1, last + 1)


async def add_certificates(tx: Tx, certificates: Sequence[Certificate]) -> None:
    await tx.execute(
        """
        INSERT INTO certificate (number, maker_id, cohort_id, minutes, issued_on)
        SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::date[])
        """,
        [certificate.number for certificate in certificates],
        [certificate.maker_id for certificate in certificates],
        [certificate.cohort_id for certificate in certificates],
        [certificate.minutes for certificate in certificates],
        [certificate.issued_on for certificate in certificates],
    )


async def mark_enrolments(tx: Tx, cohort_id: UUID, completed: Sequence[UUID]) -> None:
    """Ends the enrolment of everybody who had a seat, one way or the other."""
    await tx.execute(
        """
        UPDATE enrolment
        SET state = CASE WHEN maker_id = ANY ($2::uuid[]) THEN 'completed' ELSE 'not_completed' END
        WHERE cohort_id = $1 AND state = 'enrolled'
        """,
        cohort_id,
        completed,
    )


async def mark_completed(tx: Tx, cohort_id: UUID, at: datetime, by: str) -> None:
    await tx.execute(
        "UPDATE cohort SET completed_at = $2, completed_by = $3 WHERE cohort_id = $1",
        cohort_id,
        at,
        by,
    )
