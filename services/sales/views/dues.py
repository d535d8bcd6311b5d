"""What outlets owe by agreement and period, and who is late."""

from datetime import date, timedelta

from services.sales.domain.calendar import business_day
from services.sales.domain.remittances import OpenDay, list_periods
from services.sales.storage.settlement import remittances as storage
from services.sales.views.outlets import check_outlet
from shared.contracts.sales.owed import Due, Dues, LateOutlet, LateOutlets
from shared.contracts.sales.remittances import GetDues, ListLateOutlets
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, decode_number, encode_cursor


async def get_dues(query: Received[GetDues], tx: Tx) -> Dues:
    """The newest period first. Raises NotFound for an outlet that is not registered."""
    asked, today = query.data, business_day(query.now)
    await check_outlet(tx, asked.code)
    on_account = await storage.get_on_account(tx, asked.code)
    rhythms = await storage.list_rhythms(tx, [asked.code])
    days = await _list_open_days(tx, [asked.code])
    periods = list_periods(days.get(asked.code, []), rhythms.get(asked.code, []), on_account, today)
    still_open, commission_open = sum([due.open for due in periods]), sum([due.commission_open for due in periods])
    before = decode_number(asked.cursor)
    older = [due for due in reversed(periods) if before is None or due.since.toordinal() < before]
    shown = older[: asked.limit]
    return Dues(
        outlet=asked.code,
        open=still_open,
        commission_open=commission_open,
        on_account=on_account,
        owed=still_open - on_account,
        receivable=still_open - on_account + commission_open,
        late=any(due.late for due in periods),
        items=shown,
        next=encode_cursor(shown[-1].since.toordinal()) if len(older) > len(shown) else None,
    )


async def list_late_outlets(query: Received[ListLateOutlets], tx: Tx) -> LateOutlets:
    """By code. What is on account counts for the oldest periods."""
    asked, today = query.data, business_day(query.now)
    after = decode_cursor(asked.cursor, 1)
    days = await _list_open_days(tx, None)
    rhythms = await storage.list_rhythms(tx, list(days))
    late = []
    for outlet in sorted(days):
        if after is None or outlet > after[0]:
            on_account = await storage.get_on_account(tx, outlet)
            periods = list_periods(days[outlet], rhythms.get(outlet, []), on_account, today)
            late += _late(outlet, periods, on_account, today)
    shown = late[: asked.limit]
    return LateOutlets(items=shown, next=encode_cursor(shown[-1].outlet) if len(late) > len(shown) else None)


def _late(outlet: str, periods: list[Due], on_account: int, today: date) -> list[LateOutlet]:
    """Nothing when it is not."""
    late = [due for due in periods if due.late]
    if not late:
        return []
    first = late[0]
    return [
        LateOutlet(
            outlet=outlet,
            periods=len(late),
            since=first.since,
            due_by=first.due_by,
            days_late=(today - first.due_by) // timedelta(days=1),
            open=sum([due.open for due in late]),
            on_account=on_account,
        )
    ]


async def _list_open_days(tx: Tx, outlets: list[str] | None) -> dict[str, list[OpenDay]]:
    """By outlet, in their order; of all outlets when none are named."""
    rows = await tx.fetch(
        """
        SELECT e.outlet, e.day,
               coalesce(sum(e.received) FILTER (WHERE e.kind = 'sale'), 0)::bigint AS sold,
               coalesce(-sum(e.received) FILTER (WHERE e.kind <> 'sale'), 0)::bigint AS returned,
               sum(e.kept)::bigint AS commission,
               coalesce(sum(e.received - e.kept) FILTER (WHERE r.cause IS NOT NULL), 0)::bigint AS remitted,
               coalesce(sum(e.kept) FILTER (WHERE r.cause IS NULL), 0)::bigint AS commission_open
        FROM outlet_entry e
        LEFT JOIN remitted r ON r.cause = e.cause AND r.outlet = e.outlet
        WHERE $1::text[] IS NULL OR e.outlet = ANY ($1)
        GROUP BY e.outlet, e.day
        ORDER BY e.outlet, e.day
        """,
        outlets,
    )
    found: dict[str, list[OpenDay]] = {}
    for row in rows:
        outlet, *facts = row
        found.setdefault(outlet, []).append(OpenDay(*facts))
    return found
