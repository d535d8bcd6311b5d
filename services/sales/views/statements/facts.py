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
            FROM fact f JOIN run USING (sale)
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


async def list_settled(tx: Tx, account: int, causes: set[int]) -> Facts:
    """Of batches and of debts that were written off: which it was, and when. `sent_at`: when loans were repaid."""
    rows = await tx.fetch(
        """
        SELECT c.cause, p.payout_id, w.write_off_id, l.loan_id, sent.at AS sent_at, coalesce(paid.at, done.at) AS at
        FROM unnest($2::bigint[]) AS c (cause)
        LEFT JOIN payout p ON p.no = c.cause
        LEFT JOIN write_off w ON w.no = c.cause
        LEFT JOIN maker m ON m.account = $1
        LEFT JOIN payout_loan k ON k.payout = p.no AND k.maker_id = m.maker_id
        LEFT JOIN loan l ON l.no = k.loan
        LEFT JOIN settlement_step sent ON sent.fact = c.cause AND sent.state = 'sent'
        LEFT JOIN settlement_step done ON done.fact = c.cause AND done.state IN ('paid', 'posted')
        LEFT JOIN LATERAL (
            SELECT s.at FROM payout_row r JOIN payout_result s ON s.row_no = r.no AND s.outcome = 'paid'
            WHERE r.payout = p.no AND r.maker_id = m.maker_id
        ) paid ON true
        WHERE p.no IS NOT NULL OR w.no IS NOT NULL
        """,
        account,
        causes,
    )
    return {row["cause"]: {**row} for row in rows}


async def list_standing(tx: Tx, account: int, causes: set[int]) -> Facts:
    """In which batch entries are, how far her line of it has come, and with which remittance the outlet sent the money.

    Of a batch that was sent her own row says how far it is.
    """
    rows = await tx.fetch(
        """
        SELECT c.cause, p.payout_id, coalesce(hers.state, p.state) AS payout_state, r.remittance_id,
               r.received_on AS remitted_on
        FROM unnest($2::bigint[]) AS c (cause)
        LEFT JOIN payout_item i ON i.account = $1 AND i.cause = c.cause
        LEFT JOIN payout_now p ON p.no = i.payout
        LEFT JOIN maker m ON m.account = $1
        LEFT JOIN payout_row_now hers ON hers.payout = p.no AND hers.maker_id = m.maker_id
        LEFT JOIN sale s ON s.no = c.cause
        LEFT JOIN remitted x ON x.cause = s.no AND x.outlet = s.outlet
        LEFT JOIN remittance r ON r.no = x.remittance
        """,
        account,
        causes,
    )
    return {row["cause"]: {**row} for row in rows}
