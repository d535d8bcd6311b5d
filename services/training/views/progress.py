"""How far makers have come."""

from datetime import date
from uuid import UUID

from services.training.domain import progress
from services.training.domain.calendar import jakarta_day
from services.training.storage.people import get_rusun
from services.training.storage.progress import list_facts, list_order
from shared.contracts.training.progress import (
    Funnel,
    GetFunnel,
    GetProgress,
    ListProgrammeSteps,
    Progress,
    StepFact,
    StepOrder,
    StepOrders,
    Withdrawn,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_day, encode_cursor


async def list_programme_steps(query: Received[ListProgrammeSteps], tx: Tx) -> StepOrders:
    """The latest order first."""
    before, _ = decode_day(query.data.cursor)
    rows = await tx.fetch(
        """
        SELECT o.valid_from, o.set_by,
               jsonb_agg(jsonb_build_object('code', code, 'name_id', name_id, 'name_en', name_en)
                         ORDER BY position) AS steps
        FROM step_order o
        JOIN programme_step USING (valid_from)
        WHERE $1::date IS NULL OR o.valid_from < $1
        GROUP BY o.valid_from
        ORDER BY o.valid_from DESC
        LIMIT $2
        """,
        before,
        query.data.limit + 1,
    )
    shown = rows[: query.data.limit]
    more = len(rows) > len(shown)
    return StepOrders(
        items=[StepOrder(**row) for row in shown], next=encode_cursor(shown[-1]["valid_from"], "") if more else None
    )


async def get_progress(query: Received[GetProgress], tx: Tx) -> Progress:
    """By the order of today."""
    maker_id = query.data.maker_id
    facts = await list_facts(tx, maker_id)
    if not facts:
        raise NotFound("maker_not_found", f"There is no maker {maker_id}")
    steps = progress.along(await list_order(tx, jakarta_day(query.now)), progress.earliest(facts))
    history = [_fact(row) for row in await _read_history(tx, maker_id)]
    return Progress(maker_id=maker_id, steps=steps, next=progress.next_of(steps), history=history)


async def get_funnel(query: Received[GetFunnel], tx: Tx) -> Funnel:
    """By the order of that day, counted live."""
    at, rusun = query.data.at or jakarta_day(query.now), query.data.rusun
    if rusun and await get_rusun(tx, rusun) is None:
        raise NotFound("rusun_not_found", f"There is no rusun {rusun}")
    rows = await tx.fetch(
        """
        SELECT step, count(*) AS reached
        FROM (
            SELECT step, maker_id FROM step_fact
            WHERE reached_on <= $1 AND ($2::text IS NULL OR maker_id IN (SELECT makers_of($2, $1)))
            GROUP BY step, maker_id
        ) one
        GROUP BY step
        """,
        at,
        rusun,
    )
    counts = {row["step"]: row["reached"] for row in rows}
    return Funnel(at=at, rusun=rusun, steps=progress.funnel(await list_order(tx, at), counts))


async def _read_history(tx: Tx, maker_id: UUID) -> list[Row]:
    """What follows from facts, and all that was ever recorded."""
    return await tx.fetch(
        """
        SELECT step, reached_on, source, NULL::uuid AS record_id, NULL AS note, NULL AS recorded_by,
               NULL AS reason, NULL AS by, NULL::timestamptz AS at
        FROM step_fact
        WHERE maker_id = $1 AND source <> 'recorded'
        UNION ALL
        SELECT step, reached_on, 'recorded', r.record_id, note, recorded_by, w.reason, w.by, w.at
        FROM step_record r
        LEFT JOIN withdrawal w USING (record_id)
        WHERE maker_id = $1
        ORDER BY reached_on, step, record_id NULLS FIRST
        """,
        maker_id,
    )


def _fact(row: Row) -> StepFact:
    fields = dict(row)
    reason, by, at = fields.pop("reason"), fields.pop("by"), fields.pop("at")
    return StepFact(**fields, withdrawn=Withdrawn(reason=reason, by=by, at=at) if at else None)


async def count_reached(tx: Tx, at: date) -> dict[str, int]:
    """`rusun step month` of all that makers have reached by that day: how many, of all and of each rusun."""
    rows = await tx.fetch(
        """
        WITH reached AS (
            SELECT maker_id, step, to_char(min(reached_on), 'YYYY-MM') AS month FROM step_fact
            WHERE reached_on <= $1
            GROUP BY maker_id, step
        )
        SELECT concat_ws(' ', 'all', step, month) AS of, count(*) AS makers FROM reached GROUP BY step, month
        UNION ALL
        SELECT concat_ws(' ', code, step, month), count(*)
        FROM rusun
        CROSS JOIN LATERAL makers_of(code, $1) AS lives (maker_id)
        JOIN reached USING (maker_id)
        GROUP BY code, step, month
        """,
        at,
    )
    return {row["of"]: row["makers"] for row in rows}


async def list_orders(tx: Tx) -> dict[str, str]:
    """The orders of the steps that somebody has set, by the day from which each is valid."""
    rows = await tx.fetch(
        """
        SELECT valid_from, string_agg(code, ' > ' ORDER BY position) AS steps
        FROM step_order
        JOIN programme_step USING (valid_from)
        WHERE set_by <> 'system'
        GROUP BY valid_from
        """
    )
    return {str(row["valid_from"]): row["steps"] for row in rows}
