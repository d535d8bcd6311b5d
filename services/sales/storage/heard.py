"""What each transaction booked of each till: left for those who look at tills as a whole."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from shared.db import Tx


class Heard(NamedTuple):
    """A booked fact. `events`: 1, or 0 when no report told of it; `amount`: what it adds to the day, in rupiah.

    -1 and no number (`no` is 0) for a line that is told anew.
    """

    outlet: str
    till: str
    day: date
    events: int
    amount: int
    seq: int | None
    no: int


async def add_heard(tx: Tx, facts: Sequence[Heard]) -> None:
    """One row for each till and day. Rows are only ever added here, so no two transactions wait for each other."""
    if facts:
        await tx.execute(
            """
            INSERT INTO heard (outlet, till, day, events, total, seqs, first_no, last_no)
            SELECT outlet, till, day, sum(events), sum(amount),
                   coalesce(range_agg(int8range(seq, seq, '[]')) FILTER (WHERE seq IS NOT NULL), '{}'),
                   min(no), max(no)
            FROM unnest($1::heard_fact[])
            GROUP BY outlet, till, day
            """,
            facts,
        )


async def get_age(tx: Tx) -> float:
    """Of the oldest row, in seconds; 0 when there is none."""
    age: float = await tx.fetchval(
        "SELECT coalesce(extract(epoch FROM now() - (SELECT at FROM heard ORDER BY id LIMIT 1)), 0)::float8"
    )
    return age
