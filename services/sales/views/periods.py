"""Months of the books: which are closed, what moved in one, what came too late for it."""

from datetime import date

from services.sales.domain.chart import OF_KIND
from services.sales.domain.periods import first_of, following, spell
from services.sales.storage import periods as storage
from services.sales.views.entries import list_late, page_of
from shared.contracts.sales.books import (
    Entries,
    GetMovements,
    ListAdjustments,
    ListPeriods,
    Movement,
    Movements,
    Periods,
    PeriodState,
)
from shared.db import Row, Tx
from shared.errors import Invalid
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, decode_number, encode_cursor


async def list_periods(query: Received[ListPeriods], tx: Tx) -> Periods:
    """The latest month first."""
    asked = query.data
    rows = await storage.list_periods(tx, _decode_month(asked.cursor), asked.limit + 1)
    shown = rows[: asked.limit]
    since = await storage.get_open_since(tx)
    return Periods(
        open_since=since if since > date.min else None,
        items=await storage.list_whole(tx, shown),
        next=encode_cursor(spell(shown[-1]["month"])) if len(rows) > len(shown) else None,
    )


async def get_movements(query: Received[GetMovements], tx: Tx) -> Movements:
    """Of a closed month as they were stored, of another one as they are now."""
    first = first_of(query.data.month)
    found = await storage.get_period(tx, first)
    if found and found["closed"]:
        figures = await storage.list_figures(tx, found["no"])
    else:
        figures = await storage.list_movements(tx, first, following(first))
    state: PeriodState = ("closed" if found["closed"] else "proposed") if found else "open"
    named = await _list_names(tx, [row["account"] for row in figures])
    items = [_movement(row, *named[row["account"]]) for row in figures]
    return Movements(
        month=query.data.month,
        state=state,
        debit=sum([one.debit for one in items]),
        credit=sum([one.credit for one in items]),
        items=sorted(items, key=lambda one: (one.number, one.owner)),
    )


async def list_adjustments(query: Received[ListAdjustments], tx: Tx) -> Entries:
    """In the order in which they came."""
    asked = query.data
    first = first_of(asked.month)
    rows = await list_late(tx, first, following(first), decode_number(asked.cursor) or 0, asked.limit + 1)
    return page_of(rows, asked.limit)


def _decode_month(cursor: str | None) -> date | None:
    values = decode_cursor(cursor, 1)
    if values is None:
        return None
    try:
        return first_of(values[0])
    except ValueError:
        fault = {"field": "cursor", "reason": "not a cursor of this list"}
        raise Invalid("invalid", "cursor: not a cursor of this list", errors=[fault]) from None


def _movement(row: Row, kind: str, owner: str) -> Movement:
    account = OF_KIND[kind]
    return Movement(
        number=account.number,
        kind=account.kind,
        owner=owner,
        opening=row["opening"],
        debit=row["debit"],
        credit=row["credit"],
        closing=row["opening"] + row["debit"] - row["credit"],
    )


async def _list_names(tx: Tx, accounts: list[int]) -> dict[int, tuple[str, str]]:
    """Kind and owner by account."""
    rows = await tx.fetch("SELECT id, kind, owner FROM account WHERE id = ANY ($1::int[])", accounts)
    return {row["id"]: (row["kind"], row["owner"]) for row in rows}


async def list_wrong_figures(tx: Tx) -> list[str]:
    """Closed months whose figures are not the sum of what is booked, in words; in one pass over the ledger."""
    rows = await tx.fetch(
        """
        WITH pair AS (
            SELECT debit, credit, date_trunc('month', booked::timestamp)::date AS month, sum(amount) AS amount
            FROM transfer GROUP BY 1, 2, 3
        ), moved AS (
            SELECT account, month, sum(debit) AS debit, sum(credit) AS credit
            FROM (
                SELECT debit AS account, month, amount AS debit, 0 AS credit FROM pair
                UNION ALL
                SELECT credit, month, 0, amount FROM pair
            ) side
            GROUP BY account, month
        ), due AS (
            SELECT p.no, m.account, sum(m.debit - m.credit) FILTER (WHERE m.month < p.month) AS opening,
                   sum(m.debit) FILTER (WHERE m.month = p.month) AS debit,
                   sum(m.credit) FILTER (WHERE m.month = p.month) AS credit
            FROM period p
            JOIN moved m ON m.month <= p.month
            GROUP BY p.no, m.account
        )
        SELECT p.month, count(*) AS accounts
        FROM (SELECT no, month FROM period, open_since WHERE month < day) p
        JOIN (
            SELECT coalesce(due.no, f.period) AS no
            FROM due
            FULL JOIN closing_figure f ON f.period = due.no AND f.account = due.account
            WHERE (coalesce(due.opening, 0), coalesce(due.debit, 0), coalesce(due.credit, 0))
                  <> (coalesce(f.opening, 0), coalesce(f.debit, 0), coalesce(f.credit, 0))
        ) wrong USING (no)
        GROUP BY p.month
        ORDER BY p.month
        """
    )
    return [
        f"{spell(row['month'])}: the figures of {row['accounts']} accounts are not the sum of what is booked"
        for row in rows
    ]
