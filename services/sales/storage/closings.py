"""What tills said that they counted."""

from collections import defaultdict
from collections.abc import Sequence

from services.sales.domain.closings import Facts, TillDay
from shared.contracts.outlets import TillClosed
from shared.db import Tx
from shared.runtime.envelope import Received

Closing = tuple[Received[TillClosed], TillDay, int]
"""(report, its till and day, version)."""


async def get_closings(tx: Tx, days: Sequence[TillDay]) -> dict[TillDay, list[Facts]]:
    """All versions that are recorded, the oldest first, each in the order of `facts_of`."""
    rows = await tx.fetch(
        """
        SELECT c.outlet, c.till, c.day, c.events, c.total, c.first_seq, c.last_seq
        FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::date[]) AS asked (outlet, till, day)) asked
        JOIN till_closing c USING (outlet, till, day)
        ORDER BY c.version
        """,
        *zip(*days, strict=True),
    )
    found: dict[TillDay, list[Facts]] = defaultdict(list)
    for row in rows:
        found[row["outlet"], row["till"], row["day"]].append(tuple(row)[3:])
    return found


async def add_closings(tx: Tx, closings: Sequence[Closing]) -> dict[tuple[TillDay, int], int]:
    """The numbers of those that were not recorded before, by till, day and version."""
    rows = await tx.fetch(
        """
        INSERT INTO till_closing (report_id, events, total, first_seq, last_seq, till_seq, outlet, till, day, version)
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                             $7::text[], $8::text[], $9::date[], $10::smallint[])
            AS closing (report_id, events, total, first_seq, last_seq, till_seq, outlet, till, day, version)
        ORDER BY outlet, till, day, version
        ON CONFLICT (outlet, till, day, version) DO NOTHING
        RETURNING outlet, till, day, version, no
        """,
        [report.id for report, _, _ in closings],
        *zip(*[_facts_and_number(report.data) for report, _, _ in closings], strict=True),
        *zip(*[day for _, day, _ in closings], strict=True),
        [version for _, _, version in closings],
    )
    return {((row["outlet"], row["till"], row["day"]), row["version"]): row["no"] for row in rows}


def _facts_and_number(report: TillClosed) -> tuple[int | None, ...]:
    return (report.events, report.total, report.first_seq, report.last_seq, report.till_seq)
