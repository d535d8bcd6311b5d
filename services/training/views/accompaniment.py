"""Who accompanies whom, what is to be done, and who has nobody."""

from typing import Any
from uuid import UUID

from services.training.domain import accompaniment as domain
from services.training.domain.calendar import jakarta_day
from services.training.storage.accompaniment import list_visits
from services.training.views.places import day_and_id
from shared.contracts.training.accompaniment import (
    Accompaniment,
    Agenda,
    Companion,
    DueStep,
    GetAccompaniment,
    GetAgenda,
    ListUnaccompanied,
    Unaccompanied,
    UnaccompaniedMakers,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import encode_cursor


async def get_accompaniment(query: Received[GetAccompaniment], tx: Tx) -> Accompaniment:
    """All of it, by day."""
    maker_id = query.data.maker_id
    row = await tx.fetchrow(
        """
        SELECT companion_on($1, $2) AS companion,
               (SELECT first_day FROM maker_income WHERE maker_id = $1) AS first_income,
               (SELECT last_day FROM maker_income WHERE maker_id = $1) AS last_income
        FROM maker
        WHERE maker_id = $1
        """,
        maker_id,
        jakarta_day(query.now),
    )
    if row is None:
        raise NotFound("maker_not_found", f"There is no maker {maker_id}")
    today: dict[str, Any] = dict(row)
    return Accompaniment(
        maker_id=maker_id,
        companions=await _read_companions(tx, maker_id),
        visits=await list_visits(tx, maker_id),
        **today,
    )


async def get_agenda(query: Received[GetAgenda], tx: Tx) -> Agenda:
    """By day, so that what is overdue comes first."""
    today, limit = jakarta_day(query.now), query.data.limit
    begin, end = domain.agenda_days(query.data.from_day, query.data.to_day, today)
    after = day_and_id(query.data.cursor)
    rows = await tx.fetch(
        """
        SELECT s.step_id, v.maker_id, m.name, s.what, s.due_on, s.due_on < $2 AS overdue, v.visited_on AS agreed_on
        FROM next_step s
        JOIN standing_visit v USING (visit_id)
        JOIN maker m USING (maker_id)
        WHERE s.state = 'open' AND coalesce(companion_on(v.maker_id, $2), v.companion) = $1
          AND (s.due_on < $2 OR s.due_on BETWEEN $3 AND $4)
          AND ($5::date IS NULL OR (s.due_on, s.step_id) > ($5, $6::uuid))
        ORDER BY s.due_on, s.step_id
        LIMIT $7
        """,
        query.data.name,
        today,
        begin,
        end,
        *after,
        limit + 1,
    )
    items = [DueStep(**row) for row in rows[:limit]]
    return Agenda(items=items, next=encode_cursor(items[-1].due_on, items[-1].step_id) if len(rows) > limit else None)


async def list_unaccompanied(query: Received[ListUnaccompanied], tx: Tx) -> UnaccompaniedMakers:
    """Who completed her first course longest ago comes first."""
    today, limit = jakarta_day(query.now), query.data.limit
    rows = await tx.fetch(
        """
        SELECT g.maker_id, m.name, rusun_on(g.maker_id, $1) AS rusun, g.completed_on
        FROM income_gap g
        JOIN maker m USING (maker_id)
        WHERE NOT EXISTS (SELECT FROM companion c WHERE c.maker_id = g.maker_id AND c.since <= $1)
          AND ($2::text IS NULL OR g.maker_id IN (SELECT makers_of($2, $1)))
          AND ($3::date IS NULL OR (g.completed_on, g.maker_id) > ($3, $4::uuid))
        ORDER BY g.completed_on, g.maker_id
        LIMIT $5
        """,
        today,
        query.data.rusun,
        *day_and_id(query.data.cursor),
        limit + 1,
    )
    items = [Unaccompanied(**row) for row in rows[:limit]]
    place = (items[-1].completed_on, items[-1].maker_id) if len(rows) > limit else None
    return UnaccompaniedMakers(items=items, next=encode_cursor(*place) if place else None)


async def _read_companions(tx: Tx, maker_id: UUID) -> list[Companion]:
    rows = await tx.fetch(
        """
        SELECT maker_id, companion, since, recorded_by FROM companion
        WHERE maker_id = $1
        ORDER BY since, seq
        """,
        maker_id,
    )
    return [Companion(**row) for row in rows]
