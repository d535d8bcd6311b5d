"""Who agreed to a batch or a write-off, and how far it has come. Both are named by their number."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from shared.contracts.sales.settlement import Approval, Step
from shared.db import Tx


class Act(NamedTuple):
    """Somebody does something to a batch or a write-off."""

    fact: int
    by: str
    at: datetime
    note: str | None = None


async def add_step(tx: Tx, act: Act, state: str) -> None:
    await tx.execute(
        "INSERT INTO settlement_step (fact, state, by, at, note) VALUES ($1, $2, $3, $4, $5)",
        act.fact,
        state,
        act.by,
        act.at,
        act.note,
    )


async def add_steps(tx: Tx, facts: Sequence[int], act: Act, state: str) -> None:
    """Of many, through one act, whatever that is about."""
    await tx.execute(
        """
        INSERT INTO settlement_step (fact, state, by, at, note)
        SELECT fact, $2, $3, $4, $5 FROM unnest($1::bigint[]) AS fact
        """,
        facts,
        state,
        act.by,
        act.at,
        act.note,
    )


async def get_state(tx: Tx, fact: int) -> str:
    """The last step's."""
    state: str = await tx.fetchval("SELECT state FROM settlement_step WHERE fact = $1 ORDER BY id DESC LIMIT 1", fact)
    return state


async def list_steps(tx: Tx, facts: Sequence[int]) -> dict[int, list[Step]]:
    """The first step first."""
    rows = await tx.fetch(
        "SELECT fact, state, by, at, note FROM settlement_step WHERE fact = ANY ($1::bigint[]) ORDER BY fact, id", facts
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for row in rows:
        found[row["fact"]].append(Step(**row))
    return found


async def add_approval(tx: Tx, act: Act, person: str) -> bool:
    """False when this person has agreed before."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO settlement_approval (fact, person, by, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (fact, person) DO NOTHING
            RETURNING true
            """,
            act.fact,
            person,
            act.by,
            act.at,
        )
    )


async def count_approvals(tx: Tx, fact: int) -> int:
    people: int = await tx.fetchval("SELECT count(*) FROM settlement_approval WHERE fact = $1", fact)
    return people


async def list_approvals(tx: Tx, facts: Sequence[int]) -> dict[int, list[Approval]]:
    """Who agreed first, first."""
    rows = await tx.fetch(
        "SELECT fact, by, at FROM settlement_approval WHERE fact = ANY ($1::bigint[]) ORDER BY fact, at, by", facts
    )
    found: dict[int, list[Approval]] = defaultdict(list)
    for row in rows:
        found[row["fact"]].append(Approval(**row))
    return found
