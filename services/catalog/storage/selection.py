"""Makers, what they submit, round by round, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.catalog.domain.criteria import Feedback
from services.catalog.domain.jury import mean
from services.catalog.domain.selection import State
from services.catalog.storage import Mark
from shared.contracts.catalog import MakerWeight, Review, Round, Submission, SubmitProduct
from shared.db import Row, Tx


async def add_makers(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    await tx.execute("INSERT INTO maker (maker_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING", maker_ids)


async def list_unknown_makers(tx: Tx, maker_ids: Sequence[UUID]) -> list[UUID]:
    """Those of `maker_ids` whose registration has not arrived."""
    rows = await tx.fetch(
        """
        SELECT asked.maker_id FROM unnest($1::uuid[]) AS asked (maker_id)
        WHERE NOT EXISTS (SELECT FROM maker m WHERE m.maker_id = asked.maker_id)
        """,
        maker_ids,
    )
    return [row["maker_id"] for row in rows]


async def add_submission(
    tx: Tx, submission_id: UUID, submitted: SubmitProduct, criteria_from: datetime, mark: Mark
) -> None:
    await tx.execute(
        """
        INSERT INTO submission (submission_id, title, craft, technique, material, hours, asking_price, reference,
                                story, contains_animal_material, halal_certificate, criteria_from, submitted_at,
                                submitted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        submission_id,
        submitted.title,
        submitted.craft,
        submitted.technique,
        submitted.material,
        submitted.hours,
        submitted.asking_price,
        submitted.reference,
        submitted.story,
        submitted.contains_animal_material,
        submitted.halal_certificate,
        criteria_from,
        mark.at,
        mark.by,
    )


async def add_submission_makers(tx: Tx, submission_id: UUID, makers: Sequence[MakerWeight]) -> None:
    """In the order in which they were named."""
    await tx.execute(
        """
        INSERT INTO submission_maker (submission_id, position, maker_id, weight)
        SELECT $1, position, maker_id, weight
        FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS named (maker_id, weight, position)
        """,
        submission_id,
        [maker.maker_id for maker in makers],
        [maker.weight for maker in makers],
    )


async def get_submission(tx: Tx, submission_id: UUID) -> Submission | None:
    row = await tx.fetchrow("SELECT * FROM whole_submission WHERE submission_id = $1", submission_id)
    return as_submission(row) if row else None


async def lock_submission(tx: Tx, submission_id: UUID) -> Submission | None:
    """Read after the lock is held, so that it is as the last holder left it."""
    await tx.execute("SELECT FROM submission WHERE submission_id = $1 FOR UPDATE", submission_id)
    return await get_submission(tx, submission_id)


async def list_rounds(tx: Tx, submission_id: UUID) -> list[Round]:
    """All of them, the first one first."""
    rows = await tx.fetch("SELECT * FROM whole_round WHERE submission_id = $1 ORDER BY round", submission_id)
    return [as_round(row) for row in rows]


async def add_earlier_round(tx: Tx, submission_id: UUID) -> None:
    """Keeps the present round as it was, before the next one takes its place."""
    await tx.execute(
        """
        INSERT INTO earlier_round (
            submission_id, round, title, technique, material, hours, asking_price, story, contains_animal_material,
            halal_certificate, what_changed, submitted_at, submitted_by, criteria_from, state, reasons, tags,
            way_forward, decided_at, decided_by)
        SELECT submission_id, round, title, technique, material, hours, asking_price, story, contains_animal_material,
               halal_certificate, what_changed, submitted_at, submitted_by, criteria_from, state, reasons, tags,
               way_forward, decided_at, decided_by
        FROM submission WHERE submission_id = $1
        """,
        submission_id,
    )


async def mark_resubmitted(tx: Tx, submission_id: UUID, anew: Round, mark: Mark) -> None:
    """The next round: `anew` says what is handed in, what changed, and by which criteria it is judged."""
    await tx.execute(
        """
        UPDATE submission
        SET round = round + 1, state = 'submitted', title = $2, technique = $3, material = $4, hours = $5,
            asking_price = $6, story = $7, contains_animal_material = $8, halal_certificate = $9, what_changed = $10,
            criteria_from = $11, submitted_at = $12, submitted_by = $13, reasons = '{}', tags = '{}',
            way_forward = '[]', decided_at = NULL, decided_by = NULL
        WHERE submission_id = $1
        """,
        submission_id,
        anew.title,
        anew.technique,
        anew.material,
        anew.hours,
        anew.asking_price,
        anew.story,
        anew.contains_animal_material,
        anew.halal_certificate,
        anew.what_changed,
        anew.criteria_from,
        mark.at,
        mark.by,
    )


async def mark_in_review(tx: Tx, submission_id: UUID) -> None:
    await tx.execute(
        "UPDATE submission SET state = 'in-review' WHERE submission_id = $1 AND state = 'submitted'", submission_id
    )


async def mark_decided(tx: Tx, submission_id: UUID, state: State, told: Feedback, mark: Mark) -> None:
    await tx.execute(
        """
        UPDATE submission
        SET state = $2, reasons = $3, tags = $4, way_forward = $5, decided_at = $6, decided_by = $7
        WHERE submission_id = $1
        """,
        submission_id,
        state,
        told.reasons,
        told.tags,
        [way.model_dump(mode="json", exclude_none=True) for way in told.way_forward],
        mark.at,
        mark.by,
    )


async def mark_withdrawn(tx: Tx, submission_id: UUID, reason: str | None, mark: Mark) -> None:
    await tx.execute(
        """
        UPDATE submission
        SET state = 'withdrawn', withdrawn_because = $2, withdrawn_at = $3, withdrawn_by = $4
        WHERE submission_id = $1
        """,
        submission_id,
        reason,
        mark.at,
        mark.by,
    )


def as_submission(row: Row) -> Submission:
    """A row of `whole_submission`."""
    return Submission.model_validate(_scored(row))


def as_round(row: Row) -> Round:
    """A row of `whole_round`, without how it differs from the one before."""
    return Round.model_validate(_scored(row))


def _scored(row: Row) -> dict[str, Any]:
    reviews = [Review.model_validate(review) for review in row["reviews"]]
    return dict(row) | {"reviews": reviews, "score": mean(reviews)}
