"""A cooperative's statement: what it paid on, what the bank gave it, what it lent and got back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.sales.views.statements.span import check_days
from shared.contracts.sales.parties import (
    AccountPeriod,
    BatchSum,
    CooperativeLine,
    CooperativeStatement,
    GetCooperativeStatement,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor

PAYABLE, CAPITAL = "cooperative-payable", "loan-capital"


async def get_cooperative_statement(query: Received[GetCooperativeStatement], tx: Tx) -> CooperativeStatement:
    """The earliest entry first. Raises NotFound for a cooperative that no maker ever belonged to, Invalid."""
    asked = query.data
    check_days(asked.since, asked.until)
    if not await tx.fetchval("SELECT EXISTS (SELECT FROM maker_home WHERE cooperative = $1)", asked.code):
        raise NotFound("cooperative_unknown", f"no maker belongs to a cooperative {asked.code}")
    sums = await _list_sums(tx, asked.code, asked.since, asked.until)
    rows = await _list_entries(tx, asked)
    shown = rows[: asked.limit]
    return CooperativeStatement(
        cooperative=asked.code,
        since=asked.since,
        until=asked.until,
        payable=_period(sums, PAYABLE),
        capital=_period(sums, CAPITAL),
        **_by_kind(sums),
        batches=_by_batch(sums),
        items=[CooperativeLine(**row) for row in shown],
        next=encode_cursor(shown[-1]["entry"] * 2 + (shown[-1]["account"] == CAPITAL))
        if len(rows) > len(shown)
        else None,
    )


def _place(row: Row) -> int:
    """An entry of both accounts is two lines."""
    return 2 * int(row["entry"]) + int(row["account"] == CAPITAL)


def _period(sums: Sequence[Row], account: str) -> AccountPeriod:
    """What stands in rows without a kind was before."""
    opening = sum([row["amount"] for row in sums if row["account"] == account and row["kind"] is None])
    moved = sum([row["amount"] for row in sums if row["account"] == account and row["kind"] is not None])
    return AccountPeriod(opening=opening, closing=opening + moved)


def _by_kind(sums: Sequence[Row]) -> dict[str, int]:
    return {
        "paid_on": _sum(sums, PAYABLE, "payout"),
        "from_bank": -_sum(sums, PAYABLE, "bank"),
        "lent": _sum(sums, CAPITAL, "loan"),
        "repaid": -_sum(sums, CAPITAL, "repayment"),
        "service_fees": _sum(sums, PAYABLE, "service-fee"),
    }


def _by_batch(sums: Sequence[Row]) -> list[BatchSum]:
    """In the order of their numbers."""
    batches: dict[UUID, list[Row]] = {}
    for row in sums:
        if row["payout_id"]:
            batches.setdefault(row["payout_id"], []).append(row)
    parts = ("paid_on", "from_bank", "repaid", "service_fees")
    return [
        BatchSum(payout_id=payout_id, **{part: _by_kind(rows)[part] for part in parts})
        for payout_id, rows in batches.items()
    ]


def _sum(sums: Sequence[Row], account: str, kind: str) -> int:
    found: list[int] = [row["amount"] for row in sums if (row["account"], row["kind"]) == (account, kind)]
    return sum(found)


# A repayment takes from the cooperative's capital what it gives to its payable: it is an entry of both.
ENTRY = """
    WITH own AS (
        SELECT id, kind AS account FROM account WHERE kind IN ('cooperative-payable', 'loan-capital') AND owner = $1
    ), entry AS (
        SELECT t.id AS entry, t.cause, t.kind, t.amount, t.booked, t.day, t.recorded_at, own.account, t.debit AS other
        FROM own JOIN transfer t ON t.credit = own.id WHERE t.booked <= $3
        UNION ALL
        SELECT t.id, t.cause, t.kind, -t.amount, t.booked, t.day, t.recorded_at, own.account, t.credit
        FROM own JOIN transfer t ON t.debit = own.id WHERE t.booked <= $3
    )
"""


async def _list_sums(tx: Tx, cooperative: str, since: date, until: date) -> list[Row]:
    """By account, kind and batch. Without a kind: all that was booked before."""
    return await tx.fetch(
        f"""
        {ENTRY}, placed AS (
            SELECT account, amount, CASE WHEN booked >= $2 THEN kind END AS kind,
                   CASE WHEN booked >= $2 THEN cause END AS cause
            FROM entry
        )
        SELECT e.account, e.kind, p.payout_id, sum(e.amount)::bigint AS amount
        FROM placed e
        LEFT JOIN payout p ON p.no = e.cause
        GROUP BY e.account, e.kind, p.no, p.payout_id
        ORDER BY p.no, e.account, e.kind
        """,  # noqa: S608 - a literal of ours
        cooperative,
        since,
        until,
    )


async def _list_entries(tx: Tx, asked: GetCooperativeStatement) -> list[Any]:
    """In the order in which they came to the ledger; each with its account's balance after it."""
    after = decode_number(asked.cursor)
    return await tx.fetch(
        f"""
        {ENTRY}, running AS (
            SELECT *, sum(amount) OVER (PARTITION BY account ORDER BY booked >= $2, entry)::bigint AS balance
            FROM entry
        ), shown AS (
            SELECT * FROM running
            WHERE booked >= $2
              AND ($4::bigint IS NULL OR entry * 2 + (account = 'loan-capital')::int > $4)
            ORDER BY entry, account
            LIMIT $5
        )
        SELECT e.entry, e.booked, e.day, e.recorded_at, e.account, e.kind, e.amount, e.balance, hers.maker_id,
               p.payout_id, l.loan_id
        FROM shown e
        LEFT JOIN payout p ON p.no = e.cause
        LEFT JOIN loan_repayment r ON r.no = e.cause
        LEFT JOIN maker m ON m.account = e.other
        LEFT JOIN account a ON a.id = e.other AND a.kind = 'loan-receivable'
        LEFT JOIN payout_loan k ON k.payout = p.no AND k.maker_id = coalesce(m.maker_id, a.owner::uuid)
        LEFT JOIN loan l ON l.no = coalesce(k.loan, r.loan, CASE WHEN e.kind = 'loan' THEN e.cause END)
        CROSS JOIN LATERAL (SELECT coalesce(m.maker_id, l.maker_id) AS maker_id) hers
        ORDER BY e.entry, e.account
        """,  # noqa: S608 - a literal of ours
        asked.code,
        asked.since,
        asked.until,
        after,
        asked.limit + 1,
    )
