"""Proposals: what is written of them, and who stands before whom."""

from datetime import date
from typing import Any
from uuid import UUID

from services.training.domain.proposals import RemedialCohort
from shared.contracts.training import Craft
from shared.contracts.training.proposals import PassedOver, Proposal, Propose
from shared.db import Row, Tx


async def lock_proposed(tx: Tx, wanted: Propose) -> None:
    """One proposal of the same thing at a time: the next one sees what this one has asked."""
    await tx.execute(
        """
        INSERT INTO proposed (kind, about) VALUES ($1, $2)
        ON CONFLICT (kind, about) DO UPDATE SET about = excluded.about
        """,
        wanted.kind,
        wanted.reference,
    )


async def list_before(
    tx: Tx, wanted: Propose, craft: Craft | None, cohort_id: UUID | None, days: tuple[date, date]
) -> list[UUID] | None:
    """Who stands before her and was neither asked nor has answered, the first first; None when she is no candidate."""
    rows = await tx.fetch(
        """
        WITH ranked AS (
            SELECT maker_id, row_number() OVER (ORDER BY place, since, maker_id) AS rank
            FROM candidates($4, $5, $6, $7)
        )
        SELECT maker_id, maker_id = $1 AS herself
        FROM ranked r
        WHERE rank <= (SELECT rank FROM ranked WHERE maker_id = $1)
          AND (maker_id = $1 OR NOT EXISTS (
              SELECT FROM proposal p
              WHERE p.maker_id = r.maker_id AND p.kind = $2 AND p.about = $3 AND p.state <> 'expired'
          ))
        ORDER BY rank
        """,
        wanted.maker_id,
        wanted.kind,
        wanted.reference,
        craft,
        cohort_id,
        *days,
    )
    return [row["maker_id"] for row in rows if not row["herself"]] if rows else None


async def add_proposal(tx: Tx, proposal: Proposal) -> bool:
    """False when the same is open or accepted."""
    over = proposal.passed_over
    return bool(
        await tx.fetchval(
            """
            INSERT INTO proposal (proposal_id, maker_id, kind, about, craft, due_on, state, made_at, made_by,
                                  passed_over, why)
            VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10)
            ON CONFLICT (maker_id, kind, about) WHERE state IN ('open', 'accepted') DO NOTHING
            RETURNING true
            """,
            proposal.proposal_id,
            proposal.maker_id,
            proposal.kind,
            proposal.about,
            proposal.craft,
            proposal.due_on,
            proposal.made_at,
            proposal.made_by,
            over.maker_ids if over else None,
            over.why if over else None,
        )
    )


async def lock_proposal(tx: Tx, proposal_id: UUID) -> Proposal | None:
    """One answer at a time."""
    row = await tx.fetchrow("SELECT * FROM proposal WHERE proposal_id = $1 FOR UPDATE", proposal_id)
    return shown(row) if row else None


async def mark_answered(tx: Tx, proposal: Proposal) -> None:
    await tx.execute(
        """
        UPDATE proposal SET state = $2, answered_at = $3, answered_by = $4, note = $5 WHERE proposal_id = $1
        """,
        proposal.proposal_id,
        proposal.state,
        proposal.answered_at,
        proposal.answered_by,
        proposal.note,
    )


async def mark_expired(tx: Tx, today: date) -> list[Proposal]:
    """All that were to be answered before today and were not."""
    rows = await tx.fetch(
        "UPDATE proposal SET state = 'expired' WHERE state = 'open' AND due_on < $1 RETURNING *",
        today,
    )
    return [shown(row) for row in rows]


async def get_cohort(tx: Tx, cohort_id: UUID) -> RemedialCohort | None:
    row = await tx.fetchrow(
        "SELECT cohort_id, craft, title, completed_at IS NOT NULL AS completed FROM cohort WHERE cohort_id = $1",
        cohort_id,
    )
    return RemedialCohort(**{**row, "craft": Craft(row["craft"])}) if row else None


async def is_enrolled(tx: Tx, cohort_id: UUID, maker_id: UUID) -> bool:
    """In any state: she has a place there, or had one."""
    return bool(
        await tx.fetchval("SELECT true FROM enrolment WHERE cohort_id = $1 AND maker_id = $2", cohort_id, maker_id)
    )


def shown(row: Row) -> Proposal:
    """A stored proposal as it is answered."""
    fields: dict[str, Any] = dict(row)
    why, makers = fields.pop("why"), fields.pop("passed_over")
    return Proposal(**fields, passed_over=PassedOver(why=why, maker_ids=makers) if why else None)
