"""Trainers, places and curricula: what is written of them."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.message import Part
from shared.contracts.training.teaching import (
    Curriculum,
    Place,
    RegisterPlace,
    RegisterTrainer,
    SetTrainerAccount,
    Trainer,
    WriteCurriculum,
)
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def add_trainer(tx: Tx, command: Received[RegisterTrainer]) -> bool:
    """Under the command's id. False when another trainer has the account."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO trainer (trainer_id, name, kind, crafts, institution, account, registered_at, registered_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (account) DO NOTHING
            RETURNING true
            """,
            command.id,
            command.data.name,
            command.data.kind,
            list(dict.fromkeys(command.data.crafts)),
            command.data.institution,
            command.data.account,
            command.now,
            command.actor,
        )
    )


async def lock_trainer(tx: Tx, trainer_id: UUID) -> Trainer | None:
    row = await tx.fetchrow(
        """
        SELECT trainer_id, name, kind, crafts, institution, account
        FROM trainer
        WHERE trainer_id = $1
        FOR UPDATE
        """,
        trainer_id,
    )
    return Trainer(**row) if row else None


async def get_trainer_of_account(tx: Tx, account: str) -> UUID | None:
    found: UUID | None = await tx.fetchval("SELECT trainer_id FROM trainer WHERE account = $1", account)
    return found


async def mark_account(tx: Tx, command: Received[SetTrainerAccount]) -> None:
    await tx.execute(
        "UPDATE trainer SET account = $2 WHERE trainer_id = $1",
        command.data.trainer_id,
        command.data.account,
    )


async def list_names(tx: Tx, trainers: Sequence[UUID]) -> dict[UUID, str]:
    """Of those who are known. None of them gets another account before this transaction ends."""
    rows = await tx.fetch(
        "SELECT trainer_id, name FROM trainer WHERE trainer_id = ANY ($1::uuid[]) ORDER BY trainer_id FOR SHARE",
        trainers,
    )
    return {row["trainer_id"]: row["name"] for row in rows}


async def lock_cohorts_of(tx: Tx, trainer_id: UUID) -> list[UUID]:
    """The cohorts that she teaches, or some session of."""
    rows = await tx.fetch(
        """
        SELECT cohort_id
        FROM cohort
        WHERE cohort_id IN (
            SELECT cohort_id FROM cohort_trainer WHERE trainer_id = $1
            UNION
            SELECT cohort_id FROM session_trainer JOIN session USING (session_id) WHERE trainer_id = $1
        )
        ORDER BY cohort_id
        FOR UPDATE
        """,
        trainer_id,
    )
    return [row["cohort_id"] for row in rows]


async def list_accounts(tx: Tx, cohorts: Sequence[UUID]) -> dict[UUID, list[str]]:
    """By cohort: the accounts of all who teach it or some session of it; cohorts without any are left out."""
    rows = await tx.fetch(
        """
        WITH teaching AS (
            SELECT cohort_id, trainer_id FROM cohort_trainer WHERE cohort_id = ANY ($1::uuid[])
            UNION
            SELECT cohort_id, trainer_id
            FROM session
            JOIN session_trainer USING (session_id)
            WHERE cohort_id = ANY ($1::uuid[])
        )
        SELECT cohort_id, array_agg(account ORDER BY account) AS accounts
        FROM teaching
        JOIN trainer USING (trainer_id)
        WHERE account IS NOT NULL
        GROUP BY cohort_id
        """,
        cohorts,
    )
    return {row["cohort_id"]: row["accounts"] for row in rows}


async def add_place(tx: Tx, command: Received[RegisterPlace]) -> bool:
    """False when the code is taken."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO place (code, name, rusun, capacity, registered_at, registered_by)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (code) DO NOTHING
            RETURNING true
            """,
            command.data.code,
            command.data.name,
            command.data.rusun,
            command.data.capacity,
            command.now,
            command.actor,
        )
    )


async def get_place(tx: Tx, code: str) -> Place | None:
    row = await tx.fetchrow("SELECT code, name, rusun, capacity FROM place WHERE code = $1", code)
    return Place(**row) if row else None


async def claim_curriculum(tx: Tx, code: str) -> None:
    """One version at a time: the others wait until this transaction ends."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('curriculum ' || $1, 0))", code)


async def get_curriculum(tx: Tx, code: str) -> Curriculum | None:
    """Its newest version."""
    row = await tx.fetchrow("SELECT * FROM curriculum WHERE code = $1 ORDER BY version DESC LIMIT 1", code)
    return as_curriculum(row) if row else None


async def add_curriculum(tx: Tx, version: int, command: Received[WriteCurriculum]) -> Curriculum:
    written = command.data
    [row] = await tx.fetch(
        """
        INSERT INTO curriculum (code, version, craft, title, sessions, materials, required_share,
                                practical_required, topics, written_at, written_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        RETURNING *
        """,
        written.code,
        version,
        written.craft,
        written.title,
        _whole(written.sessions),
        _whole(written.materials),
        written.required_share,
        written.practical_required,
        written.topics,
        command.now,
        command.actor,
    )
    return as_curriculum(row)


def as_curriculum(row: Row) -> Curriculum:
    return Curriculum.model_validate(dict(row))


def _whole(parts: Sequence[Part]) -> list[dict[str, object]]:
    """As jsonb. A quantity is a number in JSON and a decimal again when it is read."""
    return [part.model_dump(mode="json") for part in parts]
