"""What was submitted, and where it stands."""

from services.catalog.domain.selection import State
from services.catalog.storage import selection as storage
from shared.contracts.catalog import ListSubmissions, Submissions
from shared.db import Tx
from shared.errors import Invalid
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_submissions(query: Received[ListSubmissions], tx: Tx) -> Submissions:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT * FROM whole_submission
        WHERE ($1::text IS NULL OR state = $1) AND ($2::bigint IS NULL OR seq < $2)
        ORDER BY seq DESC
        LIMIT $3
        """,
        _known_state(asked.state),
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    return Submissions(items=[storage.as_submission(row) for row in shown], next=following)


def _known_state(state: str | None) -> str | None:
    """Raises Invalid: a state that is misspelt would look like an empty list."""
    if state is None or state in list(State):
        return state
    reason = f"one of {', '.join(State)}"
    raise Invalid("invalid", f"state: {reason}", errors=[{"field": "state", "reason": reason}])
