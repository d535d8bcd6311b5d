"""The chart of accounts, and every account with its balance."""

from datetime import date

from services.sales.domain.chart import CHART, NUMBERS, OF_KIND
from shared.contracts.sales.books import Account, Accounts, Chart, ListAccounts, ShowChart
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor

AMOUNTS = ("owner", "debit", "credit", "balance")


async def show_chart(_: Received[ShowChart], tx: Tx) -> Chart:
    """By number; the same for everybody."""
    return Chart(items=list(CHART))


async def list_accounts(query: Received[ListAccounts], tx: Tx) -> Accounts:
    """By number and owner, also those on which nothing was booked."""
    asked = query.data
    place = decode_cursor(asked.cursor, 2)
    rows = await tx.fetch(
        """
        WITH shown AS (
            SELECT a.id, a.kind, a.owner, chart.number
            FROM account a
            JOIN unnest($1::text[], $2::int[]) AS chart (kind, number) USING (kind)
            WHERE ($3::text IS NULL OR a.kind = $3)
              AND ($4::text IS NULL OR (chart.number::text, a.owner) > ($4, $5))
            ORDER BY chart.number, a.owner
            LIMIT $7
        )
        SELECT kind, owner, debit.amount AS debit, credit.amount AS credit, debit.amount - credit.amount AS balance
        FROM shown
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0)::bigint AS amount FROM transfer WHERE debit = shown.id AND booked <= $6
        ) debit
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0)::bigint AS amount FROM transfer WHERE credit = shown.id AND booked <= $6
        ) credit
        ORDER BY number, owner
        """,
        list(NUMBERS),
        list(NUMBERS.values()),
        asked.kind,
        *(place or (None, None)),
        asked.until or date.max,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    items = [_account(row) for row in shown]
    return Accounts(
        items=items, next=encode_cursor(items[-1].number, items[-1].owner) if len(rows) > len(shown) else None
    )


def _account(row: Row) -> Account:
    return Account(**OF_KIND[row["kind"]].model_dump(), **{name: row[name] for name in AMOUNTS})
