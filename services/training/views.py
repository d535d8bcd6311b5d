"""Every question that training answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training.domain.calendar import jakarta_day
from services.training.domain.people import masked
from shared.contracts.training import (
    Certificate,
    Cohort,
    Contact,
    Contacts,
    EnrolmentView,
    GetCertificate,
    GetCohort,
    GetContacts,
    GetMaker,
    ListMakers,
    Maker,
    Makers,
    Purpose,
    SessionView,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def get_maker(query: Received[GetMaker], tx: Tx) -> Maker:
    """Where she lives today, her latest consents, her NIK by its last four digits."""
    makers = await _read_makers(tx, [query.data.maker_id], jakarta_day(query.now))
    if not makers:
        raise NotFound("maker_not_found", f"There is no maker {query.data.maker_id}")
    return makers[0]


async def list_makers(query: Received[ListMakers], tx: Tx) -> Makers:
    """In the order in which they registered; with `rusun`, those who live there today."""
    today, limit = jakarta_day(query.now), query.data.limit
    after = decode_place(query.data.cursor)
    found = await _find_makers(tx, today, query.data.rusun, after, limit + 1)
    items = await _read_makers(tx, found[:limit], today)
    more = len(found) > limit
    return Makers(items=items, next=encode_cursor(items[-1].registered_at, items[-1].maker_id) if more else None)


async def get_contacts(query: Received[GetContacts], tx: Tx) -> Contacts:
    """How to reach these makers; those whom nobody knows are left out."""
    rows = await tx.fetch(
        """
        SELECT m.maker_id, m.name, m.phone, m.email, m.language, coalesce(c.granted, false) AS may_notify
        FROM maker m
        LEFT JOIN standing_consent c ON c.maker_id = m.maker_id AND c.purpose = $2
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.maker_id
        """,
        query.data.maker_ids,
        Purpose.NOTICES,
    )
    return Contacts(items=[Contact(**row) for row in rows])


async def get_cohort(query: Received[GetCohort], tx: Tx) -> Cohort:
    """With its sessions by number; enrolled makers first, then the waiting line."""
    cohort_id = query.data.cohort_id
    row = await tx.fetchrow(
        """
        SELECT cohort_id, craft, title, rusun, trainer, capacity, required_share, completed_at
        FROM cohort
        WHERE cohort_id = $1
        """,
        cohort_id,
    )
    if row is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    sessions, enrolments = await _read_sessions(tx, cohort_id), await _read_enrolments(tx, cohort_id)
    return Cohort(**row, sessions=sessions, enrolments=enrolments)


async def get_certificate(query: Received[GetCertificate], tx: Tx) -> Certificate:
    row = await tx.fetchrow(
        """
        SELECT i.number, i.maker_id, i.cohort_id, c.craft, c.title, i.minutes, i.issued_on
        FROM certificate i
        JOIN cohort c USING (cohort_id)
        WHERE i.number = $1
        """,
        query.data.number,
    )
    if row is None:
        raise NotFound("certificate_not_found", "There is no certificate with this number")
    return Certificate(**row)


async def _find_makers(
    tx: Tx, today: date, rusun: str | None, after: tuple[datetime | None, UUID | None], limit: int
) -> list[UUID]:
    rows = await tx.fetch(
        """
        SELECT m.maker_id
        FROM maker m
        CROSS JOIN LATERAL (
            SELECT rusun FROM maker_home
            WHERE maker_id = m.maker_id AND since <= $1
            ORDER BY since DESC LIMIT 1
        ) home
        WHERE ($2::text IS NULL OR home.rusun = $2)
          AND ($3::timestamptz IS NULL OR (m.registered_at, m.maker_id) > ($3, $4::uuid))
        ORDER BY m.registered_at, m.maker_id
        LIMIT $5
        """,
        today,
        rusun,
        *after,
        limit,
    )
    return [row["maker_id"] for row in rows]


async def _read_makers(tx: Tx, maker_ids: Sequence[UUID], today: date) -> list[Maker]:
    rows = await tx.fetch(
        """
        SELECT m.maker_id, m.name, m.phone, m.email, m.language, m.registered_at,
               home.rusun, home.block, home.unit, n.last_four,
               ARRAY (
                   SELECT jsonb_build_object('purpose', purpose, 'granted', granted, 'since', at)
                   FROM standing_consent
                   WHERE maker_id = m.maker_id
                   ORDER BY purpose
               ) AS consents
        FROM maker m
        CROSS JOIN LATERAL (
            SELECT rusun, block, unit FROM maker_home
            WHERE maker_id = m.maker_id AND since <= $2
            ORDER BY since DESC LIMIT 1
        ) home
        LEFT JOIN maker_nik n USING (maker_id)
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.registered_at, m.maker_id
        """,
        maker_ids,
        today,
    )
    return [_maker(row) for row in rows]


async def _read_sessions(tx: Tx, cohort_id: UUID) -> list[SessionView]:
    rows = await tx.fetch(
        """
        SELECT session_id, number, planned_start, planned_minutes, actual_start, actual_minutes, completed_at
        FROM session
        WHERE cohort_id = $1
        ORDER BY number
        """,
        cohort_id,
    )
    return [SessionView(**row) for row in rows]


async def _read_enrolments(tx: Tx, cohort_id: UUID) -> list[EnrolmentView]:
    rows = await tx.fetch(
        """
        SELECT e.maker_id, e.state, e.position, i.number AS certificate,
               coalesce(sum(a.minutes) FILTER (WHERE s.completed_at IS NOT NULL), 0) AS minutes
        FROM enrolment e
        LEFT JOIN attendance a USING (cohort_id, maker_id)
        LEFT JOIN session s USING (session_id)
        LEFT JOIN certificate i ON i.cohort_id = e.cohort_id AND i.maker_id = e.maker_id
        WHERE e.cohort_id = $1
        GROUP BY e.cohort_id, e.maker_id, i.number
        ORDER BY e.position NULLS FIRST, e.enrolled_at, e.maker_id
        """,
        cohort_id,
    )
    return [EnrolmentView(**row) for row in rows]


def _maker(row: Row) -> Maker:
    fields: dict[str, Any] = dict(row)
    return Maker(nik=masked(fields.pop("last_four")), **fields)
