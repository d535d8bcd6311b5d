"""Every statement that changes notices, what is due of them, and what became of them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic_core import to_json

from services.notify.domain import DueNotice, NewNotice, Result
from shared.db import Tx


async def add_notices(tx: Tx, notices: Sequence[NewNotice]) -> None:
    """To be sent at once. A notice that is there already stays as it is."""
    await tx.execute(
        """
        WITH added AS (
            INSERT INTO notice (notice_id, maker_id, template, params, created_at)
            SELECT notice_id, maker_id, template, params::jsonb, created_at
            FROM unnest($1::new_notice[])
            ON CONFLICT (notice_id) DO NOTHING
            RETURNING seq, notice_id, created_at
        )
        INSERT INTO due (seq, notice_id, next_try_at) SELECT seq, notice_id, created_at FROM added
        """,
        [(*about, to_json(params).decode(), at) for *about, params, at in notices],
    )


async def claim_due(tx: Tx, now: datetime, until: datetime, limit: int) -> list[DueNotice]:
    """The longest due. Nobody else is given them before `until`; then they are due again, whoever had them.

    Each notice is looked up by its key, see `outbox.list_unsent`.
    """
    rows = await tx.fetch(
        """
        WITH next AS (
            SELECT seq
            FROM due
            WHERE next_try_at <= $1
            ORDER BY next_try_at
            LIMIT $3
            FOR UPDATE SKIP LOCKED
        ), claimed AS (
            UPDATE due SET next_try_at = $2
            WHERE seq = ANY(ARRAY(SELECT seq FROM next))
            RETURNING seq, notice_id, tries
        )
        SELECT c.seq, n.notice_id, n.maker_id, n.template, n.params, c.tries
        FROM claimed c
        CROSS JOIN LATERAL (SELECT * FROM notice WHERE notice_id = c.notice_id LIMIT 1) AS n
        """,
        now,
        until,
        limit,
    )
    return [DueNotice(*row) for row in rows]


async def mark_waiting(tx: Tx, notices: Sequence[DueNotice], until: datetime) -> None:
    """Given back untried."""
    await tx.execute(
        "UPDATE due SET next_try_at = $2 WHERE seq = ANY($1::bigint[])", [notice.seq for notice in notices], until
    )


async def mark_tried(tx: Tx, results: Sequence[Result]) -> None:
    """Those that have a next try. Of two tries the later one's word counts."""
    if results:
        await tx.execute(
            """
            UPDATE due d
            SET next_try_at = r.next_try_at, tries = r.tries, reason = r.reason
            FROM unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::text[]) AS r (seq, next_try_at, tries, reason)
            WHERE d.seq = r.seq AND d.tries < r.tries
            """,
            [result.notice.seq for result in results],
            [result.next_try_at for result in results],
            [result.tries for result in results],
            [result.reason for result in results],
        )


async def add_outcomes(tx: Tx, results: Sequence[Result]) -> set[int]:
    """The numbers of those that had not ended before. Of two tries the later one's word counts, but sent is sent."""
    if not results:
        return set()
    rows = await tx.fetch(
        """
        WITH ended AS (
            DELETE FROM due d
            USING unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])
                  AS r (seq, state, tries, channel, reason, sent_at)
            WHERE d.seq = r.seq AND (d.tries < r.tries OR r.state = 'sent')
            RETURNING r.*
        )
        INSERT INTO outcome (seq, state, tries, channel, reason, sent_at)
        SELECT seq, state, tries, channel, reason, sent_at FROM ended
        RETURNING seq
        """,
        [result.notice.seq for result in results],
        [result.state for result in results],
        [result.tries for result in results],
        [result.channel for result in results],
        [result.reason for result in results],
        [result.sent_at for result in results],
    )
    return {row["seq"] for row in rows}
