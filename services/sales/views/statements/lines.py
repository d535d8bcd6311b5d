"""The entries of a maker's account, each with what it is about and with the balance after it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from services.sales.domain.calendar import business_day
from services.sales.views.statements.facts import list_pieces, list_settled, list_standing
from services.sales.views.statements.span import Span
from services.sales.views.waiting import list_waiting
from shared.contracts.message import Page
from shared.contracts.sales import StatementLine
from shared.contracts.sales.remittances import WaitingSale
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor

KEPT_BACK = ("repayment", "service-fee")
"""What a batch keeps back when it is sent; the others are posted when she is paid."""

P = TypeVar("P", bound=Page[Any])


async def read_account(tx: Tx, account: int, span: Span, query: Received[P]) -> dict[str, Any]:
    """A page of what a `Statement` says of this account and span, with the sums of all of it."""
    page = query.data
    rows = await _list_entries(tx, account, span, decode_number(page.cursor), page.limit + 1)
    entries = [row for row in rows if row["entry"]]
    shown = entries[: page.limit]
    causes = {row["cause"] for row in shown}
    facts = await _list_facts(tx, account, causes, business_day(query.now))
    return {
        "balance": rows[0]["owed"],
        "opening": rows[0]["opening"],
        "closing": rows[0]["closing"],
        "items": [_line({**row, **facts[row["cause"]]}) for row in shown],
        "next": encode_cursor(shown[-1]["entry"]) if len(entries) > len(shown) else None,
    }


async def _list_facts(tx: Tx, account: int, causes: set[int], today: date) -> dict[int, dict[str, Any]]:
    """All that is known of each: what it is about, and what has become of it."""
    told = [
        await list_standing(tx, account, causes),
        await list_pieces(tx, causes),
        await list_settled(tx, account, causes),
        {cause: _waits(sale) for cause, sale in (await list_waiting(tx, account, today)).items()},
    ]
    return {cause: {name: value for one in told for name, value in one.get(cause, {}).items()} for cause in causes}


def _waits(sale: WaitingSale) -> dict[str, Any]:
    return {
        "waits": sale.why,
        "waiting_amount": sale.amount,
        "payable_from": sale.held_until if sale.why == "hold" else None,
        "due_by": sale.due_by if sale.why == "outlet" else None,
    }


def _line(row: Mapping[str, Any]) -> StatementLine:
    """Of pieces that several made, what is left of the price for the others."""
    told = {name: value for name, value in row.items() if value is not None}
    if row.get("net") is not None:
        told["co_makers_share"] = row["net"] - row["outlet_share"] - row["programme_share"] - abs(row["amount"])
    if row["kind"] in KEPT_BACK:
        told["at"] = row["sent_at"]
    elif row["kind"] == "payout":
        told.pop("loan_id", None)
    return StatementLine.model_validate(told)


async def _list_entries(tx: Tx, account: int, span: Span, before: int | None, limit: int) -> list[Row]:
    """The newest first, each with the balance after it, in the order in which they came to the ledger.

    `opening` and `closing` of the span and `owed`, the balance now, stand in every row. All of one moment. One row
    without an entry when there is nothing to show.
    """
    return await tx.fetch(
        """
        WITH entry AS (
            SELECT id, cause, kind, amount, recorded_at FROM transfer WHERE credit = $1
            UNION ALL
            SELECT id, cause, kind, -amount, recorded_at FROM transfer WHERE debit = $1
        ), placed AS (
            SELECT *, recorded_at < $4 OR id <= $6 AS earlier, recorded_at >= $5 OR id > $7 AS later FROM entry
        ), total AS (
            SELECT coalesce(sum(amount), 0)::bigint AS owed,
                   coalesce(sum(amount) FILTER (WHERE earlier), 0)::bigint AS opening,
                   coalesce(sum(amount) FILTER (WHERE NOT later), 0)::bigint AS closing
            FROM placed
        ), running AS (
            SELECT *, sum(amount) OVER (ORDER BY id) AS moved FROM placed WHERE NOT earlier AND NOT later
        ), shown AS (
            SELECT * FROM running WHERE $2::bigint IS NULL OR id < $2 ORDER BY id DESC LIMIT $3
        )
        SELECT owed, opening, closing, id AS entry, cause, kind, recorded_at, recorded_at AS at, amount,
               (opening + moved)::bigint AS balance
        FROM total
        LEFT JOIN shown ON true
        ORDER BY id DESC
        """,
        account,
        before,
        limit,
        *span,
    )
