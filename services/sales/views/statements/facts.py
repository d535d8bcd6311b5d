"""What an entry of an account is about: which pieces, by which receipt, in which batch."""

from collections.abc import Mapping
from typing import Any

from shared.db import Tx

Facts = Mapping[int, Mapping[str, Any]]
"""What is known of entries, by their cause."""


async def list_pieces(tx: Tx, causes: set[int]) -> Facts:
    """Of sales, and of what takes pieces back: which pieces they were, and what they gave to whom.

    Pieces come back in the order of the runs that their sale was split into: how many came back before says which ones
    these were, when that is not recorded. After a return that was voided, a void takes all others.
    """
    rows = await tx.fetch(
        """
        WITH fact AS (
            SELECT cause, s.no AS sale, coalesce(r.returned_at, v.voided_at, u.voided_at, s.sold_at) AS at,
                   coalesce(r.quantity, v.quantity, u.quantity, s.quantity) AS quantity,
                   (SELECT coalesce(sum(b.quantity), 0) FROM returned b WHERE b.sale = s.no AND b.no < cause) AS before,
                   coalesce(r.taken::bigint[], u.taken::bigint[],
                            CASE WHEN v.no IS NOT NULL THEN rest_after_returns(s.no) END) AS taken
            FROM unnest($1::bigint[]) AS cause
            LEFT JOIN returned r ON r.no = cause
            LEFT JOIN sale_void v ON v.no = cause
            LEFT JOIN return_void u ON u.no = cause
            JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, cause)
        ), run AS (
            SELECT *, sum(units) OVER (PARTITION BY sale ORDER BY run) AS until
            FROM sale_split WHERE sale IN (SELECT sale FROM fact)
        ), split AS (
            SELECT f.cause, sum(n * net)::bigint AS net, sum(n * outlet)::bigint AS outlet_share,
                   sum(n * programme)::bigint AS programme_share
            FROM fact f
            JOIN run USING (sale)
            CROSS JOIN LATERAL coalesce(
                f.taken[run + 1], greatest(0, least(until, before + quantity) - greatest(until - units, before))) AS n
            GROUP BY f.cause
        )
        SELECT f.cause, f.at, s.sale_id, s.outlet, s.till, s.receipt, s.line, s.sku, p.title, f.quantity, s.unit_price,
               f.quantity * s.unit_price - split.net AS discount, split.net, outlet_share, programme_share
        FROM fact f
        JOIN split USING (cause)
        JOIN sale s ON s.no = f.sale
        LEFT JOIN product p ON p.sku = s.sku
        """,
        causes,
    )
    return {row["cause"]: {**row} for row in rows}


async def list_settled(tx: Tx, causes: set[int]) -> Facts:
    """Of batches that were paid and of debts that were written off: when, and which it was."""
    rows = await tx.fetch(
        """
        SELECT s.fact, s.at, p.payout_id, w.write_off_id
        FROM settlement_step s
        LEFT JOIN payout p ON p.no = s.fact
        LEFT JOIN write_off w ON w.no = s.fact
        WHERE s.fact = ANY ($1::bigint[]) AND s.state IN ('paid', 'posted')
        """,
        causes,
    )
    return {row["fact"]: {**row} for row in rows}


async def list_standing(tx: Tx, account: int, causes: set[int]) -> Facts:
    """In which batch entries are and how far that has come, and with which remittance the outlet sent the money."""
    rows = await tx.fetch(
        """
        SELECT c.cause, p.payout_id, last.state AS payout_state, r.remittance_id, r.received_on AS remitted_on
        FROM unnest($2::bigint[]) AS c (cause)
        LEFT JOIN payout_item i ON i.account = $1 AND i.cause = c.cause
        LEFT JOIN payout p ON p.no = i.payout
        LEFT JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = p.no ORDER BY id DESC LIMIT 1) last ON true
        LEFT JOIN sale s ON s.no = c.cause
        LEFT JOIN remitted m ON m.cause = s.no AND m.outlet = s.outlet
        LEFT JOIN remittance r ON r.no = m.remittance
        """,
        account,
        causes,
    )
    return {row["cause"]: {**row} for row in rows}
