"""Every question about notices: SQL in, contract reply out."""

from services.notify import text
from shared.contracts.notify import CountNotices, ListNotices, Notice, NoticeCounts, Notices
from shared.contracts.training import Language
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_notices(query: Received[ListNotices], tx: Tx) -> Notices:
    """One maker's, the newest first, written in the language asked for."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT notice_id, seq, template, params, coalesce(state, 'queued') AS state, channel, created_at, sent_at
        FROM notice
        LEFT JOIN outcome USING (seq)
        WHERE maker_id = $1 AND ($2::bigint IS NULL OR seq < $2)
        ORDER BY seq DESC
        LIMIT $3
        """,
        asked.maker_id,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    return Notices(items=[_notice(row, asked.language) for row in shown], next=following)


async def count_notices(_: Received[CountNotices], tx: Tx) -> NoticeCounts:
    rows = await tx.fetch(
        """
        SELECT state, count(*) AS n FROM outcome GROUP BY state
        UNION ALL SELECT 'queued', count(*) FROM due HAVING count(*) > 0
        """
    )
    by_state = {row["state"]: row["n"] for row in rows}
    return NoticeCounts(total=sum(by_state.values()), by_state=by_state)


def _notice(row: Row, language: Language) -> Notice:
    return Notice(
        notice_id=row["notice_id"],
        template=row["template"],
        text=text.write(row["template"], row["params"], language),
        state=row["state"],
        channel=row["channel"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
    )
