"""Remittances, and which sales each of them settles."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.sales.domain.remittances import Matched
from services.sales.domain.rhythms import Rhythm
from shared.contracts.sales.remittances import Receipt, Remittance, Reversal
from shared.db import Row, Tx

KINDS = ("sales", "returns", "voids", "return_voids")
"""As `SalesRemitted` names what was settled."""


class NewRemittance(NamedTuple):
    """As it is entered."""

    remittance_id: UUID
    amount: int
    received_on: date
    through: date
    outlet: str
    reference: str
    recorded_at: datetime
    by: str


class Account(NamedTuple):
    """An outlet whose money is counted: nobody else counts it until the end of the transaction."""

    outlet: str
    receivable: int
    commission: int


class Money(NamedTuple):
    """What there is to settle an outlet's sales with, up to the day `through`; with `named`, only sales on these
    receipts.
    """

    outlet: str
    through: date
    funds: int
    named: Sequence[Receipt] | None


class Settled(NamedTuple):
    """A fact that was settled, by its id. `kind`: one of KINDS."""

    kind: str
    id: UUID
    due: int


async def lock_account(tx: Tx, outlet: str) -> Account | None:
    """Two remittances of one outlet take turns. What is settled must be read afterwards."""
    row = await tx.fetchrow("SELECT code, receivable, commission FROM outlet WHERE code = $1 FOR NO KEY UPDATE", outlet)
    return Account(*row) if row else None


async def list_rhythms(tx: Tx, outlets: Collection[str]) -> dict[str, list[Rhythm]]:
    """What was agreed with these outlets about their periods, the oldest first."""
    rows = await tx.fetch(
        """
        SELECT outlet, valid_from, remits, grace_days FROM agreement
        WHERE outlet = ANY ($1::text[])
        ORDER BY outlet, valid_from
        """,
        list(outlets),
    )
    found: dict[str, list[Rhythm]] = {}
    for row in rows:
        found.setdefault(row["outlet"], []).append(Rhythm(row["valid_from"], row["remits"], row["grace_days"]))
    return found


async def add_remittance(tx: Tx, new: NewRemittance) -> int:
    """Its number among all facts. Nothing else that stands may have its reference."""
    no: int = await tx.fetchval(
        """
        WITH entered AS (
            INSERT INTO remittance (remittance_id, amount, received_on, through, outlet, reference, recorded_at, by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            RETURNING no, outlet, reference
        )
        INSERT INTO remittance_reference (remittance, outlet, reference) SELECT no, outlet, reference FROM entered
        RETURNING remittance
        """,
        *new,
    )
    return no


async def get_referred(tx: Tx, outlet: str, reference: str) -> Row | None:
    """`remittance_id, received_on, amount` of what stands under this reference."""
    return await tx.fetchrow(
        """
        SELECT m.remittance_id, m.received_on, m.amount
        FROM remittance_reference f
        JOIN remittance m ON m.no = f.remittance
        WHERE f.outlet = $1 AND f.reference = $2
        """,
        outlet,
        reference,
    )


async def get_on_account(tx: Tx, outlet: str, leave_out: int | None = None) -> int:
    """What the outlet has handed over and nothing is settled with, as if one remittance had not been."""
    on_account: int = await tx.fetchval(
        """
        SELECT (coalesce(sum(m.amount), 0) - coalesce(sum(settled.due), 0))::bigint
        FROM remittance m
        CROSS JOIN LATERAL (SELECT sum(r.due) AS due FROM remitted r WHERE r.remittance = m.no) settled
        WHERE m.outlet = $1 AND m.no IS DISTINCT FROM $2
          AND NOT EXISTS (SELECT FROM remittance_reversal v WHERE v.remittance = m.no)
        """,
        outlet,
        leave_out,
    )
    return on_account


MATCH = """
    WITH entry AS (
        SELECT e.cause, e.kind, min(e.day) AS day, sum(e.received - e.kept) AS due, sum(e.kept) AS kept
        FROM outlet_entry e
        LEFT JOIN remitted r ON r.cause = e.cause AND r.outlet = $1
        WHERE e.outlet = $1 AND e.day <= $2 AND r.cause IS NULL
        GROUP BY e.cause, e.kind
    ), fact AS (
        SELECT entry.*, coalesce(b.sale, v.sale, u.sale, entry.cause) AS sale
        FROM entry
        LEFT JOIN returned b ON entry.kind = 'return' AND b.no = entry.cause
        LEFT JOIN sale_void v ON entry.kind = 'void' AND v.no = entry.cause
        LEFT JOIN return_void u ON entry.kind = 'void' AND u.no = entry.cause
    ), about AS (
        SELECT sale, min(day) AS day, min(cause) AS first, sum(due) AS due, sum(kept) AS kept
        FROM fact GROUP BY sale
    ), reached AS (
        SELECT sale, sum(due) OVER (ORDER BY day, first) AS upto
        FROM about
        WHERE due > 0 AND ($5::text[] IS NULL OR EXISTS (
            SELECT FROM sale s JOIN unnest($5, $6::text[]) AS named (till, receipt) USING (till, receipt)
            WHERE s.no = about.sale AND s.outlet = $1
        ))
    ), settled AS (
        SELECT about.*
        FROM about
        LEFT JOIN reached USING (sale)
        WHERE about.due <= 0
           OR reached.upto <= $4::bigint - (SELECT coalesce(sum(due), 0) FROM about WHERE due <= 0)
    ), written AS (
        INSERT INTO remitted (cause, outlet, due, remittance)
        SELECT cause, $1, fact.due, $3::bigint FROM fact JOIN settled USING (sale) ORDER BY cause
        RETURNING cause
    )
    SELECT coalesce(sum(due), 0)::bigint AS due, coalesce(sum(kept), 0)::bigint AS kept, count(*) AS sales,
           (SELECT count(*) FROM written) AS facts,
           (SELECT count(*) FROM about)::bigint - count(*) AS waiting,
           ((SELECT coalesce(sum(due), 0) FROM about) - coalesce(sum(due), 0))::bigint AS waiting_due
    FROM settled
"""


async def match(tx: Tx, no: int, money: Money) -> Matched:
    """Settles with a remittance what the money reaches for; the outlet must be locked.

    All that is open, by the sale that it is about. What the programme owes comes first, and adds to the funds; then
    whole sales, the oldest first, until one of them is not covered.
    """
    row = await tx.fetchrow(
        MATCH,
        money.outlet,
        money.through,
        no,
        money.funds,
        [receipt.till for receipt in money.named] if money.named is not None else None,
        [receipt.receipt for receipt in money.named] if money.named is not None else None,
    )
    assert row is not None
    return Matched(**row)


async def list_unmatched(tx: Tx, no: int, outlet: str, named: Sequence[Receipt]) -> list[Receipt]:
    """Of the receipts that were named those of which something is still open, or was not open: nothing is settled."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT named.till, named.receipt
        FROM unnest($3::text[], $4::text[]) AS named (till, receipt)
        WHERE NOT EXISTS (
            SELECT FROM sale s JOIN remitted r ON r.cause = s.no AND r.remittance = $1
            WHERE s.receipt = named.receipt AND s.outlet = $2 AND s.till = named.till
        ) OR EXISTS (
            SELECT FROM sale s
            WHERE s.receipt = named.receipt AND s.outlet = $2 AND s.till = named.till
              AND s.quantity * s.unit_price > s.discount
              AND NOT EXISTS (SELECT FROM remitted r WHERE r.cause = s.no AND r.outlet = s.outlet)
        )
        ORDER BY named.till, named.receipt
        """,
        no,
        outlet,
        [receipt.till for receipt in named],
        [receipt.receipt for receipt in named],
    )
    return [Receipt(**row) for row in rows]


async def add_settled(tx: Tx, no: int, outlet: str, settled: Sequence[Settled]) -> None:
    """What an event tells of a remittance of this outlet."""
    await tx.execute(
        """
        INSERT INTO remitted (cause, outlet, due, remittance)
        SELECT coalesce(s.no, b.no, v.no, u.no), $2, told.due, $1
        FROM unnest($3::text[], $4::uuid[], $5::bigint[]) AS told (kind, id, due)
        LEFT JOIN sale s ON told.kind = 'sales' AND s.sale_id = told.id
        LEFT JOIN returned b ON told.kind = 'returns' AND b.return_id = told.id
        LEFT JOIN sale voided ON told.kind = 'voids' AND voided.sale_id = told.id
        LEFT JOIN sale_void v ON v.sale = voided.no
        LEFT JOIN returned given ON told.kind = 'return_voids' AND given.return_id = told.id
        LEFT JOIN return_void u ON u.returned = given.no
        """,
        no,
        outlet,
        *zip(*settled, strict=True),
    )


async def list_settled(tx: Tx, no: int) -> list[Settled]:
    """What a remittance has settled, by number."""
    rows = await tx.fetch(
        """
        SELECT CASE WHEN s.no IS NOT NULL THEN 'sales' WHEN b.no IS NOT NULL THEN 'returns'
                    WHEN v.no IS NOT NULL THEN 'voids' ELSE 'return_voids' END AS kind,
               coalesce(s.sale_id, b.return_id, voided.sale_id, given.return_id) AS id, r.due
        FROM remitted r
        LEFT JOIN sale s ON s.no = r.cause
        LEFT JOIN returned b ON b.no = r.cause
        LEFT JOIN sale_void v ON v.no = r.cause
        LEFT JOIN sale voided ON voided.no = v.sale
        LEFT JOIN return_void u ON u.no = r.cause
        LEFT JOIN returned given ON given.no = u.returned
        WHERE r.remittance = $1
        ORDER BY r.cause
        """,
        no,
    )
    return [Settled(*row) for row in rows]


async def get_remittance(tx: Tx, remittance_id: UUID) -> Row | None:
    """`no, outlet, amount, received_on` of a remittance, whether it stands or not."""
    return await tx.fetchrow(
        "SELECT no, outlet, amount, received_on FROM remittance WHERE remittance_id = $1", remittance_id
    )


async def list_heads(tx: Tx, numbers: Sequence[int]) -> list[Remittance]:
    """As they stand, the newest first."""
    rows = await tx.fetch(
        """
        SELECT m.remittance_id, m.outlet, m.amount, m.received_on, m.through, m.reference, m.recorded_at, m.by,
               settled.due, settled.facts, v.reversed_at, v.by AS reversed_by, v.reason
        FROM remittance m
        LEFT JOIN remittance_reversal v ON v.remittance = m.no
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(r.due), 0)::bigint AS due, count(*) AS facts FROM remitted r WHERE r.remittance = m.no
        ) settled
        WHERE m.no = ANY ($1::bigint[])
        ORDER BY m.no DESC
        """,
        numbers,
    )
    return [_head(dict(row)) for row in rows]


def _head(facts: dict[str, Any]) -> Remittance:
    at, by, reason = [facts.pop(name) for name in ("reversed_at", "reversed_by", "reason")]
    return Remittance(**facts, reversal=Reversal(at=at, by=by, reason=reason) if at else None)
