"""What was heard of tills: claimed once, and folded into what each till said so far.

A row of `heard` is written by the transaction that booked what it speaks of, so it can be seen only when that is
committed. Rows are claimed by one round at a time. Of two transactions that ran side by side one row is claimed with
or after the other: whoever looks at the facts then sees those of both. All that is found rests on this, and no cursor
over numbers is needed, which a transaction that commits late would slip past.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.sales.domain.numbers import Numbers
from shared.db import Tx

LOCK = 0x7761746368


class Claimed(NamedTuple):
    """What one transaction booked of one till on one day; `seqs`: its numbers, as a multirange is written."""

    outlet: str
    till: str
    day: date
    events: int
    total: int
    seqs: str
    first_no: int
    last_no: int


async def has_work(tx: Tx, at: datetime) -> bool:
    """Whether something was heard or is due."""
    return bool(
        await tx.fetchval(
            """
            SELECT EXISTS (SELECT FROM heard)
                OR EXISTS (SELECT FROM till_gap WHERE due_at <= $1)
                OR EXISTS (SELECT FROM till_check WHERE due_at <= $1)
            """,
            at,
        )
    )


async def lock_round(tx: Tx) -> bool:
    """False when another replica has the turn. A killed one frees the lock at once."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK))


async def prefer_indexes(tx: Tx) -> None:
    """For this transaction: all that is asked for has an index, and only the newest rows of it are wanted.

    Who asks for the first few of many rows must not have all of them collected first; and ten thousand numbers in a row
    look to the planner like a reason to read the whole table, with two more processes, in six times the time.
    """
    await tx.execute(
        """
        SELECT set_config(name, value, true) FROM (VALUES
            ('enable_bitmapscan', 'off'), ('enable_seqscan', 'off'), ('max_parallel_workers_per_gather', '0')
        ) AS setting (name, value)
        """
    )


async def claim_heard(tx: Tx, limit: int, events: int) -> list[Claimed]:
    """The oldest rows, until they speak of so many events; they are gone then. In a round only."""
    rows = await tx.fetch(
        """
        WITH oldest AS (SELECT id, abs(events) AS events FROM heard ORDER BY id LIMIT $1)
        DELETE FROM heard WHERE id IN (
            SELECT id FROM (SELECT id, sum(events) OVER (ORDER BY id) - events AS before FROM oldest) one
            WHERE before < $2
        )
        RETURNING outlet, till, day, events, total, seqs::text, first_no, last_no
        """,
        limit,
        events,
    )
    return [Claimed(*row) for row in rows]


async def add_to_days(tx: Tx, claimed: Sequence[Claimed]) -> None:
    await tx.execute(
        """
        INSERT INTO till_day AS d (outlet, till, day, events, total)
        SELECT outlet, till, day, sum(events), sum(total)
        FROM unnest($1::text[], $2::text[], $3::date[], $4::int[], $5::bigint[])
            AS told (outlet, till, day, events, total)
        GROUP BY outlet, till, day
        ON CONFLICT (outlet, till, day) DO UPDATE
        SET events = d.events + excluded.events, total = d.total + excluded.total
        """,
        *zip(*[one[:5] for one in claimed], strict=True),
    )


async def add_numbers(tx: Tx, claimed: Sequence[Claimed]) -> None:
    """What each till has said so far."""
    await tx.execute(
        """
        INSERT INTO till AS t (outlet, till, seen)
        SELECT outlet, till, range_agg(seqs::int8multirange)
        FROM unnest($1::text[], $2::text[], $3::text[]) AS told (outlet, till, seqs)
        WHERE seqs <> '{}'
        GROUP BY outlet, till
        ON CONFLICT (outlet, till) DO UPDATE SET seen = t.seen + excluded.seen
        """,
        *numbers_of(claimed),
    )


async def mark_again(tx: Tx, tills: Sequence[tuple[str, str, Numbers]]) -> None:
    """What is known to come again of each till. Those that were never heard of before are left out."""
    if tills:
        await tx.execute(
            """
            UPDATE till t SET again = told.again::int8multirange
            FROM unnest($1::text[], $2::text[], $3::text[]) AS told (outlet, till, again)
            WHERE (t.outlet, t.till) = (told.outlet, told.till)
            """,
            [outlet for outlet, _, _ in tills],
            [till for _, till, _ in tills],
            ["{" + ",".join([f"[{first},{last}]" for first, last in again]) + "}" for _, _, again in tills],
        )


def numbers_of(claimed: Sequence[Claimed]) -> tuple[list[str], list[str], list[str]]:
    """Outlets, tills and what each row says of their numbers."""
    return [one.outlet for one in claimed], [one.till for one in claimed], [one.seqs for one in claimed]
