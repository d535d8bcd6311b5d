"""What jurors say of a submission, and whom they have trained."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.catalog import Abstention, Review, Submission
from shared.db import Tx


async def add_trainers(tx: Tx, cohort_ids: Sequence[UUID], accounts: Sequence[str]) -> None:
    """Pairs of a cohort and an account that teaches it."""
    await tx.execute(
        """
        INSERT INTO cohort_trainer (cohort_id, account)
        SELECT * FROM unnest($1::uuid[], $2::text[])
        ON CONFLICT DO NOTHING
        """,
        cohort_ids,
        accounts,
    )


async def add_trained(tx: Tx, cohort_ids: Sequence[UUID], maker_ids: Sequence[UUID]) -> None:
    """Pairs of a cohort and a maker who is enrolled in it."""
    await tx.execute(
        """
        INSERT INTO cohort_maker (cohort_id, maker_id)
        SELECT * FROM unnest($1::uuid[], $2::uuid[])
        ON CONFLICT DO NOTHING
        """,
        cohort_ids,
        maker_ids,
    )


async def get_trained(tx: Tx, submission_id: UUID, account: str) -> bool:
    """Whether the account taught a cohort of one of the makers."""
    return bool(
        await tx.fetchval(
            "SELECT EXISTS (SELECT FROM trained_by WHERE submission_id = $1 AND account = $2)", submission_id, account
        )
    )


async def list_trainers(tx: Tx, submission_id: UUID) -> list[str]:
    """Accounts that trained one of the makers."""
    rows = await tx.fetch("SELECT DISTINCT account FROM trained_by WHERE submission_id = $1 ORDER BY 1", submission_id)
    return [row["account"] for row in rows]


async def add_review(tx: Tx, submission: Submission, review: Review) -> bool:
    """False when this juror has reviewed this round before."""
    added = await tx.fetchval(
        """
        INSERT INTO review (submission_id, round, juror, scores, score, comment, reviewed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (submission_id, round, juror) DO NOTHING
        RETURNING true
        """,
        submission.submission_id,
        submission.round,
        review.juror,
        review.scores,
        review.score,
        review.comment,
        review.reviewed_at,
    )
    return bool(added)


async def claim_review(tx: Tx, submission: Submission, juror: str, now: datetime) -> bool:
    """Takes a juror's review of this round out of the count, and keeps it. False when there is none."""
    taken = await tx.fetchval(
        """
        WITH taken AS (
            DELETE FROM review WHERE submission_id = $1 AND round = $2 AND juror = $3 RETURNING *)
        INSERT INTO former_review (submission_id, round, juror, scores, score, comment, reviewed_at, replaced_at)
        SELECT submission_id, round, juror, scores, score, comment, reviewed_at, $4 FROM taken
        RETURNING true
        """,
        submission.submission_id,
        submission.round,
        juror,
        now,
    )
    return bool(taken)


async def add_abstention(tx: Tx, submission: Submission, abstention: Abstention) -> bool:
    """False when this juror has abstained in this round before."""
    added = await tx.fetchval(
        """
        INSERT INTO abstention (submission_id, round, juror, reason, abstained_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (submission_id, round, juror) DO NOTHING
        RETURNING true
        """,
        submission.submission_id,
        submission.round,
        abstention.juror,
        abstention.reason,
        abstention.abstained_at,
    )
    return bool(added)


async def mark_set_aside(tx: Tx, submission: Submission) -> None:
    """Keeps which reviews of this round did not count, for good."""
    aside = {review.juror: review.set_aside for review in submission.reviews if review.set_aside}
    await tx.execute(
        """
        UPDATE review r SET set_aside = named.why
        FROM unnest($3::text[], $4::text[]) AS named (juror, why)
        WHERE r.submission_id = $1 AND r.round = $2 AND r.juror = named.juror
        """,
        submission.submission_id,
        submission.round,
        list(aside),
        list(aside.values()),
    )
