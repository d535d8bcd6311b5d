"""Makers, what they submit, what jurors say of it."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog.domain.selection import State
from services.catalog.storage import Mark
from shared.contracts.catalog import MakerWeight, Review, Submission, SubmitProduct
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


async def add_submission(tx: Tx, submission_id: UUID, submitted: SubmitProduct, mark: Mark) -> None:
    await tx.execute(
        """
        INSERT INTO submission (submission_id, title, craft, technique, material, hours, asking_price,
                                reference, story, submitted_at, submitted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
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


async def add_review(tx: Tx, submission_id: UUID, review: Review) -> bool:
    """False when this juror has reviewed it before."""
    added = await tx.fetchval(
        """
        INSERT INTO review (submission_id, juror, scores, score, comment, reviewed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (submission_id, juror) DO NOTHING
        RETURNING true
        """,
        submission_id,
        review.juror,
        review.scores,
        review.score,
        review.comment,
        review.reviewed_at,
    )
    return bool(added)


async def mark_in_review(tx: Tx, submission_id: UUID) -> None:
    await tx.execute(
        "UPDATE submission SET state = 'in-review' WHERE submission_id = $1 AND state = 'submitted'", submission_id
    )


async def mark_decided(tx: Tx, submission_id: UUID, state: State, reasons: Sequence[str], mark: Mark) -> None:
    await tx.execute(
        """
        UPDATE submission
        SET state = $2, reasons = $3, decided_at = $4, decided_by = $5
        WHERE submission_id = $1
        """,
        submission_id,
        state,
        reasons,
        mark.at,
        mark.by,
    )


def as_submission(row: Row) -> Submission:
    """A row of `whole_submission`."""
    return Submission.model_validate(dict(row))
