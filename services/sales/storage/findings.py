"""What a person should look at: each thing is found once, and settled once."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from prometheus_client import Counter

from services.sales.domain.findings import Finding
from shared.db import Row, Tx

FINDINGS = Counter("karya_findings_total", "Findings, by kind and what was done", ["kind", "act"])


async def open_findings(tx: Tx, findings: Sequence[Finding]) -> list[Finding]:
    """Those that nobody had found before; the others stay as they are, also when they are settled."""
    if not findings:
        return []
    rows = await tx.fetch(
        """
        INSERT INTO finding (finding_id, kind, outlet, till, subject, detail, opened_at)
        SELECT DISTINCT ON (finding_id) finding_id, kind, outlet, till, subject, detail::jsonb, opened_at
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
            AS found (finding_id, kind, outlet, till, subject, detail, opened_at)
        ORDER BY finding_id
        ON CONFLICT (finding_id) DO NOTHING
        RETURNING finding_id
        """,
        [one.finding_id for one in findings],
        [one.kind for one in findings],
        [one.outlet for one in findings],
        [one.till for one in findings],
        [one.subject for one in findings],
        [json.dumps(one.detail) for one in findings],
        [one.opened_at for one in findings],
    )
    by_id = {one.finding_id: one for one in reversed(findings)}
    new = [by_id[row["finding_id"]] for row in rows]
    for one in new:
        FINDINGS.labels(one.kind, "opened").inc()
    return new


async def settle_findings(tx: Tx, ids: Collection[UUID], by: str, note: str, at: datetime) -> list[Finding]:
    """Those that were open until now."""
    if not ids:
        return []
    rows = await tx.fetch(
        """
        UPDATE finding SET settled_at = $2, settled_by = $3, note = $4
        WHERE finding_id = ANY ($1::uuid[]) AND settled_at IS NULL
        RETURNING finding_id, kind, outlet, till, subject, detail, opened_at
        """,
        list(ids),
        at,
        by,
        note,
    )
    for row in rows:
        FINDINGS.labels(row["kind"], "settled").inc()
    return [Finding(**row) for row in rows]


async def get_finding(tx: Tx, finding_id: UUID) -> Row | None:
    return await tx.fetchrow("SELECT * FROM finding WHERE finding_id = $1", finding_id)
