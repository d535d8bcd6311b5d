"""What submissions are judged by, then and now, and reasons in plain words."""

from services.catalog.storage import criteria as storage
from shared.contracts.catalog import CriteriaHistory, ListCriteria, ListReasonTags, ReasonTag, ReasonTags
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, decode_number, encode_cursor


async def list_criteria(query: Received[ListCriteria], tx: Tx) -> CriteriaHistory:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT *, valid_from = (SELECT max(valid_from) FROM criteria WHERE valid_from <= $1) AS in_force
        FROM criteria
        WHERE ($2::timestamptz IS NULL
               OR valid_from = (SELECT max(valid_from) FROM criteria WHERE valid_from <= $2))
          AND ($3::bigint IS NULL OR seq < $3)
        ORDER BY seq DESC
        LIMIT $4
        """,
        query.now,
        asked.valid_at,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    return CriteriaHistory(items=[storage.as_criteria(row) for row in shown], next=following)


async def list_reason_tags(query: Received[ListReasonTags], tx: Tx) -> ReasonTags:
    """By tag."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        "SELECT * FROM reason_tag WHERE $1::text IS NULL OR tag > $1 ORDER BY tag LIMIT $2",
        after[0] if after else None,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["tag"]) if len(rows) > len(shown) else None
    return ReasonTags(items=[ReasonTag.model_validate(dict(row)) for row in shown], next=following)
