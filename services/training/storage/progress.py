"""The programme's steps, and what people record of makers' progress."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from services.training.domain.progress import Reached
from shared.contracts.training.progress import ProgrammeStep, RecordStep
from shared.db import Tx
from shared.runtime.envelope import Received


class Recorded(NamedTuple):
    """What a person said of a maker."""

    record_id: UUID
    maker_id: UUID
    step: str
    reached_on: date


async def add_order(tx: Tx, valid_from: date, at: datetime, by: str) -> bool:
    """False when there is an order from that day on."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO step_order (valid_from, set_at, set_by) VALUES ($1, $2, $3)
            ON CONFLICT (valid_from) DO NOTHING
            RETURNING true
            """,
            valid_from,
            at,
            by,
        )
    )


async def add_steps(tx: Tx, valid_from: date, steps: Sequence[ProgrammeStep]) -> None:
    await tx.execute(
        """
        INSERT INTO programme_step (valid_from, position, code, name_id, name_en)
        SELECT $1, position, code, name_id, name_en
        FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS step (code, name_id, name_en, position)
        """,
        valid_from,
        [step.code for step in steps],
        [step.name_id for step in steps],
        [step.name_en for step in steps],
    )


async def list_order(tx: Tx, day: date) -> list[ProgrammeStep]:
    """The steps of that day in their order; before the first order there is, the first."""
    rows = await tx.fetch(
        """
        SELECT code, name_id, name_en FROM programme_step
        WHERE valid_from = coalesce((SELECT max(valid_from) FROM step_order WHERE valid_from <= $1),
                                    (SELECT min(valid_from) FROM step_order))
        ORDER BY position
        """,
        day,
    )
    return [ProgrammeStep(**row) for row in rows]


async def add_record(tx: Tx, record: Received[RecordStep]) -> None:
    await tx.execute(
        """
        INSERT INTO step_record (record_id, maker_id, step, reached_on, note, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        record.id,
        record.data.maker_id,
        record.data.step,
        record.data.reached_on,
        record.data.note,
        record.now,
        record.actor,
    )


async def get_record(tx: Tx, record_id: UUID) -> Recorded | None:
    row = await tx.fetchrow(
        "SELECT record_id, maker_id, step, reached_on FROM step_record WHERE record_id = $1", record_id
    )
    return Recorded(*row) if row else None


async def list_facts(tx: Tx, maker_id: UUID) -> list[Reached]:
    """All that stands of what says when she reached a step."""
    rows = await tx.fetch("SELECT step, reached_on FROM step_fact WHERE maker_id = $1", maker_id)
    return [Reached(*row) for row in rows]


async def add_withdrawal(tx: Tx, record_id: UUID, reason: str, at: datetime, by: str) -> bool:
    """Of a step or a visit. False when it was withdrawn before."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO withdrawal (record_id, reason, at, by) VALUES ($1, $2, $3, $4)
            ON CONFLICT (record_id) DO NOTHING
            RETURNING true
            """,
            record_id,
            reason,
            at,
            by,
        )
    )
