"""The history of parked messages: every act, by whom, when, why, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.db import Row, Tx
from shared.runtime.parked.message import storable_json

RUNTIME = "the runtime"
"""The actor of what happens by itself."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is done about a message. `chosen`: which one a person says is right.

    A correction has the merge patch and the envelope before it.
    """

    name: str
    actor: str = RUNTIME
    reason: str = ""
    chosen: str | None = None
    change: dict[str, Any] | None = None
    before: dict[str, Any] | None = None


async def add_acts(tx: Tx, act: Act, outcomes: Sequence[tuple[UUID, str]], at: datetime) -> None:
    """The same act for each message, with its own outcome: "handled", "duplicate", "discarded" or the code."""
    if not outcomes:
        return
    await tx.execute(
        """
        INSERT INTO parked_act (parked_id, act, actor, at, reason, chosen, change, before, outcome)
        SELECT parked_id, $3, $4, $5, $6, $7, $8::text::jsonb, $9::text::jsonb, outcome
        FROM unnest($1::uuid[], $2::text[]) AS done (parked_id, outcome)
        ORDER BY parked_id
        """,
        [parked_id for parked_id, _ in outcomes],
        [outcome for _, outcome in outcomes],
        act.name,
        act.actor,
        at,
        act.reason,
        act.chosen,
        None if act.change is None else storable_json(act.change),
        None if act.before is None else storable_json(act.before),
    )


async def list_acts(tx: Tx, parked_id: UUID) -> list[Row]:
    """`act, actor, at, reason, outcome, chosen, change, before`, the oldest first."""
    return await tx.fetch(
        """
        SELECT act, actor, at, reason, outcome, chosen, change, before FROM parked_act
        WHERE parked_id = $1
        ORDER BY no
        """,
        parked_id,
    )
