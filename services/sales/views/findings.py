"""What a person should look at, and what was looked at."""

from services.sales.domain.findings import show
from shared.contracts.sales.tills import Finding, Findings, GetFinding, ListFindings
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def list_findings(query: Received[ListFindings], tx: Tx) -> Findings:
    """The newest first."""
    asked = query.data
    opened_at, finding_id = decode_place(asked.cursor)
    rows = await tx.fetch(
        """
        SELECT * FROM finding
        WHERE ($1::text IS NULL OR kind = $1)
          AND ($2::text IS NULL OR outlet = $2)
          AND ($3 = 'all' OR (settled_at IS NULL) = ($3 = 'open'))
          AND ($4::timestamptz IS NULL OR (opened_at, finding_id) < ($4, $5::uuid))
        ORDER BY opened_at DESC, finding_id DESC
        LIMIT $6
        """,
        asked.kind,
        asked.outlet,
        asked.state,
        opened_at,
        finding_id,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    last = shown[-1] if len(rows) > len(shown) else None
    following = encode_cursor(last["opened_at"].isoformat(), last["finding_id"]) if last else None
    return Findings(items=[show(dict(row)) for row in shown], next=following)


async def get_finding(query: Received[GetFinding], tx: Tx) -> Finding:
    """Raises NotFound."""
    row = await tx.fetchrow("SELECT * FROM finding WHERE finding_id = $1", query.data.finding_id)
    if row is None:
        raise NotFound("finding_unknown", f"there is no finding {query.data.finding_id}")
    return show(dict(row))
