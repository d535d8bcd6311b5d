"""The plan of a session: what it is, what it was, and that there is none any more."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain.planning import Plan
from services.training.storage.courses import add_trainers
from shared.contracts.training.planning import ReplanSession, SetTrainers
from shared.db import Tx
from shared.runtime.envelope import Received


async def get_cohort_of(tx: Tx, session_id: UUID) -> UUID | None:
    cohort_id: UUID | None = await tx.fetchval("SELECT cohort_id FROM session WHERE session_id = $1", session_id)
    return cohort_id


async def lock_plan(tx: Tx, session_id: UUID) -> tuple[Plan, bool] | None:
    """And whether it has been held. One change of a session at a time."""
    row = await tx.fetchrow(
        """
        SELECT session_id, cohort_id, number, planned_start, planned_minutes, place, completed_at
        FROM session
        WHERE session_id = $1
        FOR UPDATE
        """,
        session_id,
    )
    if row is None:
        return None
    fields = dict(row)
    was_held = fields.pop("completed_at") is not None
    return Plan(**fields, trainers=await _list_trainers(tx, session_id)), was_held


async def _list_trainers(tx: Tx, session_id: UUID) -> tuple[UUID, ...]:
    rows = await tx.fetch(
        "SELECT trainer_id FROM session_trainer WHERE session_id = $1 ORDER BY number",
        session_id,
    )
    return tuple(row["trainer_id"] for row in rows)


async def add_former_plan(tx: Tx, plan: Plan, command: Received[ReplanSession]) -> None:
    await tx.execute(
        """
        INSERT INTO former_plan (session_id, planned_start, planned_minutes, place, trainers,
                                 replanned_at, replanned_by, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        plan.session_id,
        plan.planned_start,
        plan.planned_minutes,
        plan.place,
        plan.trainers,
        command.now,
        command.actor,
        command.data.reason,
    )


async def add_former_plans(tx: Tx, command: Received[SetTrainers]) -> None:
    """Of all sessions of the cohort that have not been held."""
    await tx.execute(
        """
        INSERT INTO former_plan (session_id, planned_start, planned_minutes, place, trainers,
                                 replanned_at, replanned_by, reason)
        SELECT session_id, planned_start, planned_minutes, place,
               ARRAY (
                   SELECT trainer_id FROM session_trainer t WHERE t.session_id = s.session_id ORDER BY t.number
               ),
               $2, $3, $4
        FROM session s
        WHERE cohort_id = $1 AND completed_at IS NULL
        ORDER BY number
        """,
        command.data.cohort_id,
        command.now,
        command.actor,
        command.data.reason,
    )


async def mark_cohort_trainers(tx: Tx, cohort_id: UUID, trainers: Sequence[UUID], names: str) -> None:
    """These and nobody else teach it, and every session of it that has not been held."""
    await tx.execute("UPDATE cohort SET trainer = $2 WHERE cohort_id = $1", cohort_id, names)
    await tx.execute("DELETE FROM cohort_trainer WHERE cohort_id = $1", cohort_id)
    await tx.execute(
        """
        DELETE FROM session_trainer
        WHERE session_id IN (SELECT session_id FROM session WHERE cohort_id = $1 AND completed_at IS NULL)
        """,
        cohort_id,
    )
    await add_trainers(tx, cohort_id, trainers)


async def mark_plan(tx: Tx, plan: Plan) -> None:
    await tx.execute(
        "UPDATE session SET planned_start = $2, planned_minutes = $3, place = $4 WHERE session_id = $1",
        plan.session_id,
        plan.planned_start,
        plan.planned_minutes,
        plan.place,
    )


async def mark_trainers(tx: Tx, plan: Plan) -> None:
    """These and nobody else teach it."""
    await tx.execute("DELETE FROM session_trainer WHERE session_id = $1", plan.session_id)
    await tx.execute(
        """
        INSERT INTO session_trainer (session_id, number, trainer_id)
        SELECT $1, number, trainer_id FROM unnest($2::uuid[]) WITH ORDINALITY AS given (trainer_id, number)
        """,
        plan.session_id,
        plan.trainers,
    )


async def get_title(tx: Tx, cohort_id: UUID) -> str:
    title: str = await tx.fetchval("SELECT title FROM cohort WHERE cohort_id = $1", cohort_id)
    return title


async def list_seated(tx: Tx, cohort_id: UUID) -> list[UUID]:
    """The makers who keep its time free: those with a seat, or an offer of one."""
    rows = await tx.fetch(
        "SELECT maker_id FROM enrolment WHERE cohort_id = $1 AND state IN ('enrolled', 'offered') ORDER BY maker_id",
        cohort_id,
    )
    return [row["maker_id"] for row in rows]


async def get_recorded(tx: Tx, session_id: UUID) -> int:
    """How many makers its sheet names."""
    recorded: int = await tx.fetchval("SELECT count(*) FROM attendance WHERE session_id = $1", session_id)
    return recorded


async def get_other_sessions(tx: Tx, plan: Plan) -> int:
    """How many sessions its cohort has besides."""
    others: int = await tx.fetchval(
        "SELECT count(*) FROM session WHERE cohort_id = $1 AND session_id <> $2",
        plan.cohort_id,
        plan.session_id,
    )
    return others


async def mark_cancelled(tx: Tx, plan: Plan, command: Received[ReplanSession]) -> None:
    """It is kept among those that will not be held."""
    await tx.execute("DELETE FROM session_trainer WHERE session_id = $1", plan.session_id)
    await tx.execute(
        """
        WITH gone AS (
            DELETE FROM session WHERE session_id = $1
            RETURNING session_id, cohort_id, number, title, planned_start, planned_minutes, place
        )
        INSERT INTO cancelled_session (session_id, cohort_id, number, title, planned_start, planned_minutes, place,
                                       trainers, cancelled_at, cancelled_by, reason)
        SELECT gone.*, $2, $3, $4, $5 FROM gone
        """,
        plan.session_id,
        plan.trainers,
        command.now,
        command.actor,
        command.data.reason,
    )
