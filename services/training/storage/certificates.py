"""Certificates: numbers, what is issued, and how one ends."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain.certificates import Ending
from shared.contracts.training import Certificate, CertificateState, Craft
from shared.db import Tx


async def get_certificate(tx: Tx, number: str) -> Certificate | None:
    row = await tx.fetchrow(
        """
        SELECT i.number, i.maker_id, i.cohort_id, c.craft, c.title, i.minutes, i.issued_on, i.state, i.replaces,
               n.number AS replaced_by
        FROM certificate i
        JOIN cohort c USING (cohort_id)
        LEFT JOIN certificate n ON n.replaces = i.number
        WHERE i.number = $1
        """,
        number,
    )
    return Certificate(**row) if row else None


async def get_minutes(tx: Tx, cohort_id: UUID, maker_id: UUID) -> int:
    """Hers, in the closed sessions of the cohort that are hers."""
    minutes: int | None = await tx.fetchval(
        "SELECT minutes FROM progress WHERE cohort_id = $1 AND maker_id = $2", cohort_id, maker_id
    )
    return minutes or 0


async def list_valid(tx: Tx, cohort_id: UUID, makers: Sequence[UUID]) -> list[Certificate]:
    """Those of these makers that are worth something now."""
    rows = await tx.fetch(
        """
        SELECT i.number, i.maker_id, i.cohort_id, c.craft, c.title, i.minutes, i.issued_on, i.state, i.replaces
        FROM certificate i
        JOIN cohort c USING (cohort_id)
        WHERE i.cohort_id = $1 AND i.maker_id = ANY ($2::uuid[]) AND i.state = 'valid'
        ORDER BY i.number
        """,
        cohort_id,
        makers,
    )
    return [Certificate(**row) for row in rows]


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
        INSERT INTO certificate (number, maker_id, cohort_id, minutes, issued_on, replaces)
        SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::date[], $6::text[])
        """,
        [certificate.number for certificate in certificates],
        [certificate.maker_id for certificate in certificates],
        [certificate.cohort_id for certificate in certificates],
        [certificate.minutes for certificate in certificates],
        [certificate.issued_on for certificate in certificates],
        [certificate.replaces for certificate in certificates],
    )


async def mark_ended(tx: Tx, numbers: Sequence[str], state: CertificateState, ending: Ending) -> None:
    """Valid ones become superseded or revoked, each with when, by whom and why."""
    await tx.execute(
        """
        UPDATE certificate
        SET state = $2, ended_at = $3, ended_by = $4, end_reason = $5
        WHERE number = ANY ($1::text[]) AND state = 'valid'
        """,
        numbers,
        state,
        ending.at,
        ending.by,
        ending.reason,
    )


async def forget_reasons(tx: Tx, maker_id: UUID) -> None:
    """What was written about why hers ended. For a maker of whom nothing private is to stay."""
    await tx.execute("UPDATE certificate SET end_reason = '' WHERE maker_id = $1 AND end_reason <> ''", maker_id)
