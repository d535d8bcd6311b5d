"""To whom something should be proposed first, and what was proposed."""

from typing import Any

from services.training.domain.calendar import jakarta_day
from services.training.domain.proposals import TURNS, days_of
from services.training.storage.proposals import get_cohort, shown
from services.training.views.places import rank_and_id
from shared.contracts.training.proposals import (
    Candidate,
    Candidates,
    GetProposal,
    ListCandidates,
    ListProposals,
    Proposal,
    Proposals,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def list_candidates(query: Received[ListCandidates], tx: Tx) -> Candidates:
    """In the order in which they should be asked."""
    wanted = query.data
    craft, about = wanted.craft, wanted.reference
    if wanted.cohort_id:
        cohort = await get_cohort(tx, wanted.cohort_id)
        if cohort is None:
            raise NotFound("cohort_not_found", f"There is no cohort {wanted.cohort_id}")
        craft, about = craft or cohort.craft, str(wanted.cohort_id)
    rows = await _read_candidates(query, tx, craft, about)
    items = [Candidate(**_candidate(row)) for row in rows[: wanted.limit]]
    last = rows[len(items) - 1] if len(rows) > len(items) else None
    return Candidates(items=items, next=encode_cursor(last["place"], last["since"], last["maker_id"]) if last else None)


async def get_proposal(query: Received[GetProposal], tx: Tx) -> Proposal:
    row = await tx.fetchrow("SELECT * FROM proposal WHERE proposal_id = $1", query.data.proposal_id)
    if row is None:
        raise NotFound("proposal_not_found", f"There is no proposal {query.data.proposal_id}")
    return shown(row)


async def list_proposals(query: Received[ListProposals], tx: Tx) -> Proposals:
    """The newest first."""
    wanted = query.data
    rows = await tx.fetch(
        """
        SELECT * FROM proposal
        WHERE ($1::uuid IS NULL OR maker_id = $1)
          AND ($2::text IS NULL OR kind = $2)
          AND ($3::text IS NULL OR about = $3)
          AND ($4::text IS NULL OR state = $4)
          AND ($5::timestamptz IS NULL OR (made_at, proposal_id) < ($5, $6::uuid))
        ORDER BY made_at DESC, proposal_id DESC
        LIMIT $7
        """,
        wanted.maker_id,
        wanted.kind,
        wanted.reference,
        wanted.state,
        *decode_place(wanted.cursor),
        wanted.limit + 1,
    )
    items = [shown(row) for row in rows[: wanted.limit]]
    more = len(rows) > len(items)
    return Proposals(items=items, next=encode_cursor(items[-1].made_at, items[-1].proposal_id) if more else None)


async def _read_candidates(query: Received[ListCandidates], tx: Tx, craft: str | None, about: str | None) -> list[Row]:
    """One more than are asked for. `proposal`: the latest of the same kind about the same."""
    today = jakarta_day(query.now)
    return await tx.fetch(
        """
        WITH ranked AS (
            SELECT *, row_number() OVER (ORDER BY place, since, maker_id) AS rank FROM candidates($1, $2, $3, $4)
        )
        SELECT r.*, m.name, rusun_on(r.maker_id, $5) AS rusun, $5 - r.since AS days,
               companion_on(r.maker_id, $5) AS companion,
               (SELECT state FROM proposal p
                WHERE p.maker_id = r.maker_id AND p.kind = $6 AND p.about = $7
                ORDER BY made_at DESC, proposal_id DESC LIMIT 1) AS proposal
        FROM ranked r
        JOIN maker m USING (maker_id)
        WHERE $8::int IS NULL OR (r.place, r.since, r.maker_id) > ($8, $9::date, $10::uuid)
        ORDER BY r.rank
        LIMIT $11
        """,
        craft,
        query.data.cohort_id,
        *days_of(today),
        today,
        query.data.kind,
        about,
        *rank_and_id(query.data.cursor),
        query.data.limit + 1,
    )


def _candidate(row: Row) -> dict[str, Any]:
    return dict(row) | {"standing": TURNS[row["place"]]}
