"""Closings beside what is recorded of their days."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.sales.domain.calendar import business_day
from services.sales.domain.closings import Check, Standing, TillDay, Totals, Verdict
from services.sales.domain.numbers import from_ranges
from shared.db import Row, Tx


async def list_checks(tx: Tx, touched: Sequence[TillDay], at: datetime) -> list[Check]:
    """The last closings of these days and of those that are due. A day that no till has closed is left out."""
    rows = await tx.fetch(
        """
        WITH asked AS (
            SELECT outlet, till, day, bool_or(touched) AS touched
            FROM (
                SELECT outlet, till, day, true AS touched
                FROM unnest($1::text[], $2::text[], $3::date[]) AS told (outlet, till, day)
                UNION ALL
                SELECT outlet, till, day, false FROM till_check WHERE due_at <= $4
            ) one
            GROUP BY outlet, till, day
        )
        SELECT a.outlet, a.till, a.day, a.touched, c.no, c.version, c.events, c.total,
               coalesce(d.events, 0) AS counted_events, coalesce(d.total, 0) AS counted_total,
               CASE WHEN c.first_seq IS NULL OR c.last_seq IS NULL THEN '{}'
                    ELSE int8multirange(int8range(c.first_seq, c.last_seq, '[]')) - coalesce(t.seen, '{}')
               END AS missing,
               k.closing, k.state, k.tied_at, k.finding
        FROM asked a
        CROSS JOIN LATERAL (
            SELECT * FROM till_closing
            WHERE (outlet, till, day) = (a.outlet, a.till, a.day)
            ORDER BY version DESC
            LIMIT 1
        ) c
        LEFT JOIN till_day d ON (d.outlet, d.till, d.day) = (a.outlet, a.till, a.day)
        LEFT JOIN till t ON (t.outlet, t.till) = (a.outlet, a.till)
        LEFT JOIN till_check k ON (k.outlet, k.till, k.day) = (a.outlet, a.till, a.day)
        """,
        [outlet for outlet, _, _ in touched],
        [till for _, till, _ in touched],
        [day for _, _, day in touched],
        at,
    )
    return [_check(row) for row in rows]


def _check(row: Row) -> Check:
    known = row["closing"] is not None
    return Check(
        outlet=row["outlet"],
        till=row["till"],
        day=row["day"],
        closing=row["no"],
        version=row["version"],
        reported=Totals(row["events"], row["total"]),
        counted=Totals(row["counted_events"], row["counted_total"]),
        missing=from_ranges(row["missing"]),
        touched=row["touched"],
        before=Standing(row["closing"], row["state"], row["tied_at"], row["finding"]) if known else None,
    )


async def mark_checked(tx: Tx, checked: Sequence[tuple[Verdict, UUID | None]]) -> None:
    """How each closing stands now, and the finding that says so."""
    await tx.execute(
        """
        INSERT INTO till_check (outlet, till, day, closing, state, tied_at, due_at, finding)
        SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::bigint[], $5::text[], $6::timestamptz[],
                             $7::timestamptz[], $8::uuid[])
        ON CONFLICT (outlet, till, day) DO UPDATE
        SET closing = excluded.closing, state = excluded.state, tied_at = excluded.tied_at,
            due_at = excluded.due_at, finding = excluded.finding
        """,
        [one.check.outlet for one, _ in checked],
        [one.check.till for one, _ in checked],
        [one.check.day for one, _ in checked],
        [one.check.closing for one, _ in checked],
        [one.state for one, _ in checked],
        [one.tied_at for one, _ in checked],
        [one.due_at for one, _ in checked],
        [finding for _, finding in checked],
    )


async def count_parked(tx: Tx, days: Sequence[TillDay]) -> Counter[TillDay]:
    """How many reports of these days wait or need a person. What says no time that can be read is not counted."""
    rows = await tx.fetch(
        """
        SELECT p.envelope #>> '{data,outlet}' AS outlet, p.envelope #>> '{data,till}' AS till,
               coalesce(p.envelope #>> '{data,sold_at}', p.envelope #>> '{data,returned_at}',
                        p.envelope #>> '{data,voided_at}') AS at
        FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS asked (outlet, till)) asked
        JOIN parked p ON p.envelope #>> '{data,outlet}' = asked.outlet AND p.envelope #>> '{data,till}' = asked.till
        WHERE p.type LIKE 'outlet.%' AND p.code <> 'outlet_mismatch' AND p.state IN ('waiting', 'person')
        """,
        [outlet for outlet, _, _ in days],
        [till for _, till, _ in days],
    )
    found: Counter[TillDay] = Counter()
    for row in rows:
        at = _moment(row["at"])
        if at:
            found[row["outlet"], row["till"], business_day(at)] += 1
    return found


def _moment(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo and 1900 < at.year < 9000 else None
