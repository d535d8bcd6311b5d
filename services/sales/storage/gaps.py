"""Numbers that tills passed over."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.numbers import Numbers, from_ranges
from shared.db import Row, Tx

TillKey = tuple[str, str]
"""(outlet, till)."""


class Gaps(NamedTuple):
    """Gaps of a till that are looked at together. `named`: what the finding names them as; `accepted`: by a person."""

    outlet: str
    till: str
    finding: UUID | None
    accepted: bool
    missing: Numbers


async def mark_filled(tx: Tx, tills: Sequence[TillKey], due_at: datetime) -> set[UUID]:
    """Makes the gaps what they are now. What is left of a gap keeps its finding; those of changed ones are told."""
    rows = await tx.fetch(
        """
        WITH asked AS (
            SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS asked (outlet, till)
        ), now AS (
            SELECT outlet, till, unnest(int8multirange(int8range(lower(seen), upper(seen))) - seen) AS numbers
            FROM asked JOIN till USING (outlet, till)
        ), gone AS (
            DELETE FROM till_gap g USING asked a
            WHERE (g.outlet, g.till) = (a.outlet, a.till)
              AND NOT EXISTS (SELECT FROM now n WHERE (n.outlet, n.till, n.numbers) = (g.outlet, g.till, g.numbers))
            RETURNING g.outlet, g.till, g.numbers, g.finding
        ), new AS (
            INSERT INTO till_gap (outlet, till, numbers, due_at, finding)
            SELECT n.outlet, n.till, n.numbers, $3, gone.finding
            FROM now n
            LEFT JOIN gone ON (gone.outlet, gone.till) = (n.outlet, n.till) AND gone.numbers @> n.numbers
            ON CONFLICT (outlet, till, numbers) DO NOTHING
        )
        SELECT DISTINCT finding FROM gone WHERE finding IS NOT NULL
        """,
        [outlet for outlet, _ in tills],
        [till for _, till in tills],
        due_at,
    )
    return {row["finding"] for row in rows}


async def drop_oldest(tx: Tx, tills: Sequence[TillKey], most: int, keep: int) -> set[UUID]:
    """Of tills with more than `most` gaps all but the last `keep` are looked for no more; their findings."""
    rows = await tx.fetch(
        """
        WITH edge AS (
            SELECT outlet, till, (array_agg(upper(numbers) ORDER BY numbers DESC))[$4 + 1] AS upto
            FROM till_gap
            WHERE (outlet, till) IN (SELECT * FROM unnest($1::text[], $2::text[]))
            GROUP BY outlet, till
            HAVING count(*) > $3
        ), moved AS (
            UPDATE till t SET seen = t.seen + int8multirange(int8range(lower(t.seen), e.upto)), counts_from = e.upto
            FROM edge e
            WHERE (t.outlet, t.till) = (e.outlet, e.till)
        ), gone AS (
            DELETE FROM till_gap g USING edge e
            WHERE (g.outlet, g.till) = (e.outlet, e.till) AND upper(g.numbers) <= e.upto
            RETURNING g.finding
        )
        SELECT DISTINCT finding FROM gone WHERE finding IS NOT NULL
        """,
        [outlet for outlet, _ in tills],
        [till for _, till in tills],
        most,
        keep,
    )
    return {row["finding"] for row in rows}


async def mark_changed(tx: Tx, findings: set[UUID], due_at: datetime) -> set[UUID]:
    """Gives what is left of these findings' gaps time; the findings of which something is left."""
    if not findings:
        return set()
    rows = await tx.fetch(
        "UPDATE till_gap SET due_at = $2 WHERE finding = ANY ($1::uuid[]) RETURNING finding", list(findings), due_at
    )
    return {row["finding"] for row in rows}


async def list_due(tx: Tx, at: datetime) -> list[Gaps]:
    """Whatever is due, with all that the same finding names; `missing` is without what waits as parked.

    A report that nobody could read may have anything for its number, and one that named another outlet as its own
    says nothing of that outlet's tills.
    """
    rows = await tx.fetch(
        """
        WITH due AS (
            SELECT DISTINCT outlet, till, finding FROM till_gap WHERE due_at <= $1
        )
        SELECT g.outlet, g.till, g.finding, coalesce(f.settled_at IS NOT NULL, false) AS accepted,
               range_agg(g.numbers) - coalesce(
                   (
                       SELECT range_agg(int8range(p.seq::bigint, p.seq::bigint, '[]'))
                       FROM (
                           SELECT CASE WHEN jsonb_typeof(envelope #> '{data,till_seq}') = 'number'
                                       THEN (envelope #>> '{data,till_seq}')::numeric END AS seq
                           FROM parked
                           WHERE type LIKE 'outlet.%' AND code <> 'outlet_mismatch'
                             AND envelope #>> '{data,outlet}' = g.outlet AND envelope #>> '{data,till}' = g.till
                       ) p
                       WHERE p.seq BETWEEN min(lower(g.numbers)) AND max(upper(g.numbers)) - 1 AND p.seq % 1 = 0
                   ),
                   '{}'
               ) AS missing
        FROM due
        JOIN till_gap g ON (g.outlet, g.till) = (due.outlet, due.till) AND g.finding IS NOT DISTINCT FROM due.finding
        LEFT JOIN finding f ON f.finding_id = g.finding
        WHERE g.finding IS NOT NULL OR g.due_at <= $1
        GROUP BY g.outlet, g.till, g.finding, f.settled_at
        """,
        at,
    )
    return [_gaps(row) for row in rows]


def _gaps(row: Row) -> Gaps:
    return Gaps(row["outlet"], row["till"], row["finding"], row["accepted"], from_ranges(row["missing"]))


async def mark_looked_at(tx: Tx, looked: Sequence[tuple[Gaps, UUID | None, datetime | None]], at: datetime) -> None:
    """Which finding names these gaps from now on, and when to look again; None: never."""
    if looked:
        await tx.execute(
            """
            UPDATE till_gap g SET finding = told.finding, due_at = told.due_at
            FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[])
                AS told (outlet, till, before, finding, due_at)
            WHERE (g.outlet, g.till) = (told.outlet, told.till) AND g.finding IS NOT DISTINCT FROM told.before
              AND (g.finding IS NOT NULL OR g.due_at <= $6)
            """,
            [gaps.outlet for gaps, _, _ in looked],
            [gaps.till for gaps, _, _ in looked],
            [gaps.finding for gaps, _, _ in looked],
            [finding for _, finding, _ in looked],
            [due_at for _, _, due_at in looked],
            at,
        )
