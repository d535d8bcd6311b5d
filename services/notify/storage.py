"""Every statement that changes notices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json

from services.notify.domain import DueNotice, NewNotice, Result
from shared.db import Tx


async def add_notices(tx: Tx, notices: Sequence[NewNotice]) -> None:
    """To be sent at once. A notice that is there already stays as it is."""
    await tx.execute(
        """
        INSERT INTO notice (notice_id, maker_id, template, params, created_at, next_try_at)
        SELECT notice_id, maker_id, template, params::jsonb, created_at, created_at
        FROM unnest($1::new_notice[])
        ON CONFLICT (notice_id) DO NOTHING
        """,
        [(*about, to_json(params).decode(), at) for *about, params, at in notices],
    )


async def claim_due(tx: Tx, now: datetime, until: datetime, limit: int) -> list[DueNotice]:
    """The longest due. Nobody else is given them before `until`; then they are due again, whoever had them."""
    rows = await tx.fetch(
        """
        WITH due AS (
            SELECT notice_id
            FROM notice
            WHERE state = 'queued' AND next_try_at <= $1
            ORDER BY next_try_at
            LIMIT $3
            FOR UPDATE SKIP LOCKED
        )
        UPDATE notice n
        SET next_try_at = $2
        FROM due
        WHERE n.notice_id = due.notice_id
        RETURNING n.notice_id, n.maker_id, n.template, n.params, n.tries
        """,
        now,
        until,
        limit,
    )
    return [DueNotice(*row) for row in rows]


async def mark_waiting(tx: Tx, notices: Sequence[DueNotice], until: datetime) -> None:
    """Given back untried."""
    await tx.execute(
        """
        UPDATE notice SET next_try_at = $2
        WHERE notice_id = ANY($1::uuid[]) AND state = 'queued'
        """,
        [notice.notice_id for notice in notices],
        until,
    )


async def mark_results(tx: Tx, results: Sequence[Result]) -> set[UUID]:
    """The ids of those that had not ended before. Of two tries the later one's word counts, but sent is sent."""
    rows = await tx.fetch(
        """
        UPDATE notice n
        SET state = r.state, channel = r.channel, reason = r.reason, tries = r.tries,
            sent_at = r.sent_at, next_try_at = r.next_try_at
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[])
             AS r (notice_id, state, channel, reason, tries, sent_at, next_try_at)
        WHERE n.notice_id = r.notice_id AND n.state = 'queued' AND (n.tries < r.tries OR r.state = 'sent')
        RETURNING n.notice_id
        """,
        [result.notice.notice_id for result in results],
        [result.state for result in results],
        [result.channel for result in results],
        [result.reason for result in results],
        [result.tries for result in results],
        [result.sent_at for result in results],
        [result.next_try_at for result in results],
    )
    return {row["notice_id"] for row in rows}
