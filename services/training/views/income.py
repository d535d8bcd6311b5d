"""Makers who have completed a course and have had no income for long."""

from services.training.domain.accompaniment import poor_since
from services.training.domain.calendar import jakarta_day
from services.training.views.places import day_and_id
from shared.contracts.training.accompaniment import ListWithoutIncome, MakersWithoutIncome, WithoutIncome
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import encode_cursor


async def list_without_income(query: Received[ListWithoutIncome], tx: Tx) -> MakersWithoutIncome:
    """Who has been so for longest comes first."""
    wanted, today = query.data, jakarta_day(query.now)
    rows = await tx.fetch(
        """
        SELECT g.maker_id, m.name, rusun_on(g.maker_id, $1) AS rusun, g.since, $1 - g.since AS days,
               g.last_income, g.last_order, companion_on(g.maker_id, $1) AS companion, f.found_on,
               (SELECT max(visited_on) FROM standing_visit v WHERE v.maker_id = g.maker_id) AS last_visit
        FROM income_gap g
        JOIN maker m USING (maker_id)
        LEFT JOIN without_income f ON f.maker_id = g.maker_id AND f.since = g.since
        WHERE g.since <= $2
          AND ($3::text IS NULL OR g.maker_id IN (SELECT makers_of($3, $1)))
          AND ($4::text IS NULL
               OR EXISTS (SELECT FROM completed_course c WHERE c.maker_id = g.maker_id AND c.craft = $4))
          AND ($5::date IS NULL OR (g.since, g.maker_id) > ($5, $6::uuid))
        ORDER BY g.since, g.maker_id
        LIMIT $7
        """,
        today,
        poor_since(today, wanted.days),
        wanted.rusun,
        wanted.craft,
        *day_and_id(wanted.cursor),
        wanted.limit + 1,
    )
    items = [WithoutIncome(**row) for row in rows[: wanted.limit]]
    more = len(rows) > len(items)
    return MakersWithoutIncome(items=items, next=encode_cursor(items[-1].since, items[-1].maker_id) if more else None)
