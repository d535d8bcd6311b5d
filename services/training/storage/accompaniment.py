"""Companions, visits and what was agreed on them: what is written of them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from shared.contracts.training.accompaniment import Companion, NextStep, RecordVisit, Visit
from shared.db import Tx
from shared.runtime.envelope import Received


async def add_companion(tx: Tx, companion: Companion, at: datetime) -> None:
    """A row of the maker's history; of two for one day the later one counts."""
    await tx.execute(
        """
        INSERT INTO companion (maker_id, since, companion, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)
        """,
        companion.maker_id,
        companion.since,
        companion.companion,
        at,
        companion.recorded_by,
    )


async def add_missing_companions(tx: Tx, cohort_id: UUID, makers: Sequence[UUID], day: date, at: datetime) -> None:
    """The cohort's, else that of the rusun where she lives, for those who have none and never had one."""
    await tx.execute(
        """
        INSERT INTO companion (maker_id, since, companion, recorded_at, recorded_by)
        SELECT done.maker_id, $3, configured.companion, $4, 'system'
        FROM unnest($2::uuid[]) AS done (maker_id)
        CROSS JOIN LATERAL (
            SELECT coalesce(
                (SELECT companion FROM cohort_companion WHERE cohort_id = $1),
                (SELECT companion FROM rusun_companion WHERE rusun = rusun_on(done.maker_id, $3))
            ) AS companion
        ) configured
        WHERE configured.companion IS NOT NULL
          AND NOT EXISTS (SELECT FROM companion c WHERE c.maker_id = done.maker_id)
        """,
        cohort_id,
        makers,
        day,
        at,
    )


async def mark_cohort_companion(tx: Tx, cohort_id: UUID, companion: str, at: datetime, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO cohort_companion (cohort_id, companion, set_at, set_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (cohort_id) DO UPDATE
        SET companion = excluded.companion, set_at = excluded.set_at, set_by = excluded.set_by
        """,
        cohort_id,
        companion,
        at,
        by,
    )


async def mark_rusun_companion(tx: Tx, rusun: str, companion: str, at: datetime, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO rusun_companion (rusun, companion, set_at, set_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (rusun) DO UPDATE
        SET companion = excluded.companion, set_at = excluded.set_at, set_by = excluded.set_by
        """,
        rusun,
        companion,
        at,
        by,
    )


async def add_visit(tx: Tx, visit: Received[RecordVisit]) -> None:
    await tx.execute(
        """
        INSERT INTO visit (visit_id, maker_id, visited_on, companion, kind, note, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        visit.id,
        visit.data.maker_id,
        visit.data.visited_on,
        visit.data.companion,
        visit.data.kind,
        visit.data.note,
        visit.now,
        visit.actor,
    )


async def add_next_steps(tx: Tx, visit_id: UUID, steps: Sequence[NextStep]) -> None:
    """In the order in which they were agreed."""
    await tx.execute(
        """
        INSERT INTO next_step (step_id, visit_id, number, what, due_on)
        SELECT step_id, $1, number, what, due_on
        FROM unnest($2::uuid[], $3::text[], $4::date[]) WITH ORDINALITY AS agreed (step_id, what, due_on, number)
        """,
        visit_id,
        [step.step_id for step in steps],
        [step.what for step in steps],
        [step.due_on for step in steps],
    )


async def lock_visit_maker(tx: Tx, visit_id: UUID) -> UUID | None:
    """Whose visit it is; None when there is none."""
    maker_id: UUID | None = await tx.fetchval("SELECT maker_id FROM visit WHERE visit_id = $1 FOR UPDATE", visit_id)
    return maker_id


async def lock_next_step(tx: Tx, step_id: UUID) -> NextStep | None:
    row = await tx.fetchrow(
        """
        SELECT step_id, maker_id, what, due_on, state, ended_at, ended_by, s.note
        FROM next_step s
        JOIN visit USING (visit_id)
        WHERE step_id = $1
        FOR UPDATE OF s
        """,
        step_id,
    )
    return NextStep(**row) if row else None


async def mark_ended(tx: Tx, step: NextStep) -> None:
    await tx.execute(
        "UPDATE next_step SET state = $2, note = $3, ended_at = $4, ended_by = $5 WHERE step_id = $1",
        step.step_id,
        step.state,
        step.note,
        step.ended_at,
        step.ended_by,
    )


async def list_visits(tx: Tx, maker_id: UUID, visit_id: UUID | None = None) -> list[Visit]:
    """A maker's by day, also those that were withdrawn; or only one of them."""
    rows = await tx.fetch(
        """
        SELECT v.visit_id, v.maker_id, v.visited_on, v.companion, v.kind, v.note, v.recorded_by,
               CASE WHEN w.record_id IS NOT NULL
                    THEN jsonb_build_object('reason', w.reason, 'by', w.by, 'at', w.at) END AS withdrawn,
               ARRAY (
                   SELECT jsonb_build_object('step_id', step_id, 'maker_id', v.maker_id, 'what', what, 'due_on', due_on,
                                             'state', state, 'ended_at', ended_at, 'ended_by', ended_by, 'note', note)
                   FROM next_step
                   WHERE visit_id = v.visit_id
                   ORDER BY number
               ) AS next_steps
        FROM visit v
        LEFT JOIN withdrawal w ON w.record_id = v.visit_id
        WHERE v.maker_id = $1 AND ($2::uuid IS NULL OR v.visit_id = $2)
        ORDER BY v.visited_on, v.recorded_at, v.visit_id
        """,
        maker_id,
        visit_id,
    )
    return [Visit(**row) for row in rows]


async def forget_words(tx: Tx, maker_id: UUID) -> None:
    """What was written about her in words, when she must be forgotten. What happened on which day stays."""
    await tx.execute(
        """
        WITH visits AS (
            UPDATE visit SET note = NULL WHERE maker_id = $1 RETURNING visit_id
        ), agreed AS (
            UPDATE next_step SET what = '-', note = NULL WHERE visit_id IN (SELECT visit_id FROM visits)
        ), records AS (
            UPDATE step_record SET note = NULL WHERE maker_id = $1
        ), withdrawn AS (
            UPDATE withdrawal SET reason = '-' WHERE record_id IN (
                SELECT visit_id FROM visits UNION ALL SELECT record_id FROM step_record WHERE maker_id = $1
            )
        ), answers AS (
            UPDATE proposal SET note = NULL WHERE maker_id = $1
        )
        UPDATE proposal SET why = '-' WHERE $1 = ANY (passed_over)
        """,
        maker_id,
    )
