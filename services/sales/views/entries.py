"""The general ledger: entries one by one with their accounts and with what they were posted for."""

from collections.abc import Sequence
from datetime import date

from services.sales.domain.chart import NUMBERS
from shared.contracts.sales.books import Entries, Entry, ListEntries
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor

COLUMNS = (
    "id", "booked", "day", "kind", "debit_number", "debit_kind", "debit_owner", "credit_number", "credit_kind",
    "credit_owner", "amount", "recorded_at", "cause", "sale_id", "outlet", "till", "receipt", "line", "sku",
    "payout_id", "remittance_id", "loan_id", "write_off_id",
)  # fmt: skip
"""Of an entry, as they are published."""

_NUMBER = "CASE {}.kind " + " ".join([f"WHEN '{kind}' THEN {number}" for kind, number in NUMBERS.items()]) + " END"

DRESSED = f"""
    SELECT t.id, t.booked, t.day, t.kind,
           {_NUMBER.format("d")} AS debit_number, d.kind AS debit_kind, d.owner AS debit_owner,
           {_NUMBER.format("c")} AS credit_number, c.kind AS credit_kind, c.owner AS credit_owner,
           t.amount, t.recorded_at, t.cause,
           s.sale_id, coalesce(r.outlet, s.outlet, m.outlet) AS outlet, coalesce(r.till, s.till) AS till,
           coalesce(r.receipt, s.receipt) AS receipt, coalesce(r.line, s.line) AS line, s.sku,
           p.payout_id, m.remittance_id, l.loan_id, w.write_off_id
    FROM entry t
    JOIN account d ON d.id = t.debit
    JOIN account c ON c.id = t.credit
    LEFT JOIN returned r ON r.no = t.cause
    LEFT JOIN sale_void v ON v.no = t.cause
    LEFT JOIN return_void u ON u.no = t.cause
    LEFT JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, t.cause)
    LEFT JOIN payout p ON p.no = t.cause
    LEFT JOIN remittance_reversal x ON x.no = t.cause
    LEFT JOIN remittance m ON m.no = coalesce(x.remittance, t.cause)
    LEFT JOIN loan_repayment b ON b.no = t.cause
    LEFT JOIN loan l ON l.no = coalesce(b.loan, t.cause)
    LEFT JOIN write_off w ON w.no = t.cause
    ORDER BY t.id
"""  # noqa: S608 - numbers and kinds of our own
"""Of the rows that are called `entry`: COLUMNS, in the order of their numbers."""


async def list_entries(query: Received[ListEntries], tx: Tx) -> Entries:
    """In the order of their numbers."""
    asked = query.data
    after, limit = decode_number(asked.cursor) or 0, asked.limit + 1
    since, until = asked.since or date.min, asked.until or date.max
    if asked.account_kind is None and asked.account_owner is None:
        rows = await _list_all(tx, after, since, until, limit)
    else:
        accounts = await _list_accounts(tx, asked.account_kind, asked.account_owner)
        rows = await _list_of(tx, accounts, after, (since, until), limit)
    return page_of(rows, asked.limit)


def page_of(rows: Sequence[Row], limit: int) -> Entries:
    """`rows`: one more than the limit when there are more."""
    shown = rows[:limit]
    return Entries(
        items=[Entry(**row) for row in shown], next=encode_cursor(shown[-1]["id"]) if len(rows) > len(shown) else None
    )


async def list_late(tx: Tx, first: date, end: date, after: int, limit: int) -> list[Row]:
    """Of the business days from `first` to the day before `end` what is booked later."""
    return await tx.fetch(
        f"""
        WITH entry AS MATERIALIZED (
            SELECT * FROM transfer
            WHERE day >= $1 AND day < $2 AND booked > day AND booked >= $2 AND id > $3
            ORDER BY id LIMIT $4
        )
        {DRESSED}
        """,  # noqa: S608 - a literal of ours
        first,
        end,
        after,
        limit,
    )


async def _list_all(tx: Tx, after: int, since: date, until: date, limit: int) -> list[Row]:
    """What is booked from `since` to `until` lies in these months, on its own day, but for what was late.

    That is looked for first (OFFSET): it is little and has its index, and in the order of numbers all would be read.
    """
    return await tx.fetch(
        f"""
        WITH entry AS MATERIALIZED (
            (SELECT * FROM transfer
             WHERE id > $1 AND day BETWEEN $2 AND $3 AND booked = day ORDER BY id LIMIT $4)
            UNION ALL
            (SELECT * FROM (SELECT * FROM transfer WHERE booked > day AND booked BETWEEN $2 AND $3 OFFSET 0) late
             WHERE id > $1 ORDER BY id LIMIT $4)
            ORDER BY id
            LIMIT $4
        )
        {DRESSED}
        """,  # noqa: S608 - a literal of ours
        after,
        since,
        until,
        limit,
    )


async def _list_of(tx: Tx, accounts: list[int], after: int, days: tuple[date, date], limit: int) -> list[Row]:
    """Those that take from, or give to, one of the accounts."""
    return await tx.fetch(
        f"""
        WITH entry AS MATERIALIZED (
            SELECT * FROM (
                (SELECT * FROM transfer
                 WHERE debit = ANY ($5::int[]) AND id > $1 AND booked BETWEEN $2 AND $3 ORDER BY id LIMIT $4)
                UNION
                (SELECT * FROM transfer
                 WHERE credit = ANY ($5::int[]) AND id > $1 AND booked BETWEEN $2 AND $3 ORDER BY id LIMIT $4)
            ) either
            ORDER BY id
            LIMIT $4
        )
        {DRESSED}
        """,  # noqa: S608 - a literal of ours
        after,
        *days,
        limit,
        accounts,
    )


async def _list_accounts(tx: Tx, kind: str | None, owner: str | None) -> list[int]:
    rows = await tx.fetch(
        """
        SELECT id FROM account
        WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR owner = $2)
        """,
        kind,
        owner,
    )
    return [row["id"] for row in rows]
