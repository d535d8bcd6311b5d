"""What the pages of the books are made of, a statement for each: `of` says what a row is of."""

from datetime import date

from shared.db import Row, Tx


async def list_accounts(tx: Tx) -> list[Row]:
    """Those that something was posted to."""
    return await tx.fetch(
        """
        SELECT account.kind || ' ' || account.owner AS of, sum(side.debit)::bigint AS debit,
               sum(side.credit)::bigint AS credit, sum(side.debit - side.credit)::bigint AS balance
        FROM (
            SELECT debit AS id, amount AS debit, 0 AS credit FROM transfer
            UNION ALL
            SELECT credit, 0, amount FROM transfer
        ) side
        JOIN account USING (id)
        GROUP BY 1
        """
    )


async def list_days(tx: Tx) -> list[Row]:
    """What was posted to each account on each business day, told apart by kind."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', account.kind, account.owner, side.day, side.posted) AS of,
               sum(side.debit)::bigint AS debit, sum(side.credit)::bigint AS credit
        FROM (
            SELECT debit AS id, day, kind AS posted, amount AS debit, 0 AS credit FROM transfer
            UNION ALL
            SELECT credit, day, kind, 0, amount FROM transfer
        ) side
        JOIN account USING (id)
        GROUP BY 1
        """
    )


async def list_postings(tx: Tx) -> list[Row]:
    """`causes`: how many facts posted something."""
    return await tx.fetch(
        """
        SELECT kind AS of, count(*) AS transfers, count(DISTINCT cause) AS causes, sum(amount)::bigint AS amount
        FROM transfer GROUP BY kind
        """
    )


async def list_splits(tx: Tx) -> list[Row]:
    """What was sold of each product at each outlet on each business day, and who got what of it."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', s.outlet, s.sku, s.day) AS of, count(*) AS runs, sum(p.units) AS pieces,
               sum(p.taken_back) AS taken_back, sum(p.units * p.net)::bigint AS net,
               sum(p.units * p.outlet)::bigint AS outlet, sum(p.units * p.programme)::bigint AS programme,
               sum(p.taken_back * p.net)::bigint AS net_back
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        GROUP BY 1
        """
    )


async def list_shares(tx: Tx) -> list[Row]:
    """What each maker got of the pieces sold on each business day, and what of it was taken back."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', m.maker_id, s.day) AS of, sum(p.units * paid.share)::bigint AS got,
               sum(p.taken_back * paid.share)::bigint AS taken_back
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        CROSS JOIN LATERAL unnest(p.accounts, p.shares) AS paid (account, share)
        JOIN maker m ON m.account = paid.account
        GROUP BY 1
        """
    )


async def list_shelves(tx: Tx) -> list[Row]:
    """A shelf that holds nothing is no other than one that never held anything."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', outlet, sku) AS of, balance, reserved FROM stock
        WHERE balance <> 0 OR reserved <> 0
        """
    )


async def list_movements(tx: Tx) -> list[Row]:
    """The fold of what moved on each shelf."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', outlet, sku, kind) AS of, sum(delta) AS pieces
        FROM stock_movement GROUP BY outlet, sku, kind HAVING sum(delta) <> 0
        """
    )


async def list_units(tx: Tx) -> list[Row]:
    return await tx.fetch("SELECT serial AS of, sku, state, coalesce(outlet, '') AS outlet FROM unit")


async def list_lines(tx: Tx, untold: date) -> list[Row]:
    """What each till told of each business day, line by line; `fingerprint`: the same only for the same lines.

    A year has too many of them to be held against each other one by one. Where a piece lay when its sale was told of
    depends on what had been told before, so that remark is left out.
    """
    return await tx.fetch(
        """
        SELECT concat_ws(' ', outlet, till, day) AS of, count(*) AS lines,
               sum(hashtextextended(line, 0)::numeric)::text AS fingerprint
        FROM (
            SELECT outlet, till, day, ROW (
                sale_id, receipt, line, version, sku, quantity, unit_price, discount, sold_at, serial, list_price,
                promo_id, promo_cost, outlet_bears, agreed_from, till_seq, exchange,
                array_remove(remarks, 'piece_elsewhere'))::text AS line
            FROM sale
            UNION ALL
            SELECT outlet, till, (returned_at AT TIME ZONE 'Asia/Jakarta')::date, ROW (
                return_id, receipt, line, sku, quantity, net, returned_at, till_seq, exchange)::text
            FROM returned
            UNION ALL
            SELECT outlet, till, (voided_at AT TIME ZONE 'Asia/Jakarta')::date, ROW (
                receipt, voided_at, till_seq)::text
            FROM receipt_void
            UNION ALL
            SELECT s.outlet, s.till, s.day, ROW (s.sale_id, v.kind, v.voided_at, v.quantity, v.net)::text
            FROM sale_void v JOIN sale s ON s.no = v.sale
            UNION ALL
            SELECT r.outlet, r.till, (u.voided_at AT TIME ZONE 'Asia/Jakarta')::date, ROW (
                r.return_id, u.voided_at, u.quantity, u.net)::text
            FROM return_void u JOIN returned r ON r.no = u.returned
        ) told
        WHERE day > $1
        GROUP BY outlet, till, day
        """,
        untold,
    )


async def get_untold(replayed: Tx) -> date:
    """The last day of which an event told less of a line than is recorded: the first events named no till."""
    day: date = await replayed.fetchval(
        """
        SELECT coalesce(max(day), '-infinity') FROM (
            SELECT day FROM sale WHERE till = ''
            UNION ALL
            SELECT (returned_at AT TIME ZONE 'Asia/Jakarta')::date FROM returned WHERE till = ''
        ) line
        """
    )
    return day


async def count_facts(tx: Tx) -> list[Row]:
    return await tx.fetch(
        """
        SELECT 'sales' AS of, count(*) AS facts, coalesce(sum(quantity), 0)::bigint AS pieces,
               coalesce(sum(quantity * unit_price - discount), 0)::bigint AS net
        FROM sale
        UNION ALL
        SELECT 'returns', count(*), coalesce(sum(quantity), 0), coalesce(sum(net), 0)::bigint FROM returned
        UNION ALL
        SELECT 'lines taken back: ' || kind, count(*), sum(quantity), sum(net)::bigint FROM sale_void GROUP BY kind
        UNION ALL
        SELECT 'returns voided', count(*), coalesce(sum(quantity), 0), coalesce(sum(net), 0)::bigint FROM return_void
        UNION ALL
        SELECT 'receipts voided', count(*), 0, 0 FROM receipt_void
        """
    )


async def count_papers(tx: Tx) -> list[Row]:
    """Delivery notes, claims, counts, reservations, closings and write-offs, as far as each has come."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', 'deliveries', kind, state) AS of, count(*) AS papers, 0::bigint AS amount
        FROM delivery GROUP BY kind, state
        UNION ALL
        SELECT concat_ws(' ', 'claims', kind), count(*), sum(quantity - settled) FROM claim GROUP BY kind
        UNION ALL
        SELECT 'stock counts', count(*), coalesce(sum(lines.counted), 0)::bigint
        FROM stock_count c JOIN LATERAL (SELECT sum(counted) FROM stock_count_line l WHERE l.count = c.no)
            AS lines (counted) ON true
        UNION ALL
        SELECT 'stock counts approved', count(*), 0 FROM stock_count_approval
        UNION ALL
        SELECT concat_ws(' ', 'reservations', CASE WHEN released_at IS NULL THEN 'open' ELSE 'released' END),
               count(*), sum(quantity)
        FROM reservation GROUP BY released_at IS NULL
        UNION ALL
        SELECT 'closings', count(*), coalesce(sum(total), 0)::bigint FROM till_closing
        UNION ALL
        SELECT concat_ws(' ', 'write-offs', last.state), count(*), sum(amount)::bigint
        FROM write_off w
        JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = w.no ORDER BY id DESC LIMIT 1) last ON true
        GROUP BY last.state
        """
    )


async def count_payouts(tx: Tx) -> list[Row]:
    """Batches as far as each has come, their rows after so many attempts, and what they are made of."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', 'payouts', p.state) AS of, count(*) AS papers, sum(lines.amount)::bigint AS amount
        FROM payout_now p
        JOIN LATERAL (SELECT sum(amount) AS amount FROM payout_line WHERE payout = p.no) lines ON true
        GROUP BY p.state
        UNION ALL
        SELECT concat_ws(' ', 'payout rows', state, attempt), count(*), sum(amount)::bigint
        FROM payout_row_now GROUP BY state, attempt
        UNION ALL
        SELECT concat_ws(' ', 'payout items', CASE WHEN earned THEN 'earned' ELSE 'taken back' END), count(*),
               sum(amount)::bigint
        FROM payout_item GROUP BY earned
        """
    )


async def count_remittances(tx: Tx) -> list[Row]:
    """What was agreed with outlets, what money they handed over for it, and what that settled."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', 'agreements', outlet, valid_from, outlet_bps, programme_bps, hold_days, advances, remits,
                         grace_days) AS of, count(*) AS papers, 0::bigint AS amount
        FROM agreement
        GROUP BY outlet, valid_from
        UNION ALL
        SELECT concat_ws(' ', 'remittances', m.outlet, m.through, CASE WHEN v.no IS NOT NULL THEN 'reversed' END),
               count(*), sum(m.amount)::bigint
        FROM remittance m LEFT JOIN remittance_reversal v ON v.remittance = m.no
        GROUP BY m.outlet, m.through, v.no IS NOT NULL, 1
        UNION ALL
        SELECT concat_ws(' ', 'settled', outlet), count(*), sum(due)::bigint FROM remitted GROUP BY outlet
        """
    )


async def count_loans(tx: Tx) -> list[Row]:
    """As far as each has come, what is to be paid back of them, and what was."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', 'loans', last.state) AS of, count(*) AS papers, sum(principal)::bigint AS amount
        FROM loan l
        JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = l.no ORDER BY id DESC LIMIT 1) last ON true
        GROUP BY last.state
        UNION ALL
        SELECT 'instalments', count(*), coalesce(sum(principal + service), 0)::bigint FROM loan_instalment
        UNION ALL
        SELECT concat_ws(' ', 'repayments', CASE WHEN payout_id IS NULL THEN 'in cash' ELSE 'kept back' END,
                         CASE WHEN NOT posted THEN 'pending' END), count(*), sum(principal + service)::bigint
        FROM loan_payment GROUP BY payout_id IS NULL, posted
        UNION ALL
        SELECT concat_ws(' ', 'loans in arrears', month), count(*), sum(amount)::bigint FROM loan_arrears GROUP BY month
        """
    )


async def list_months(tx: Tx) -> list[Row]:
    """What was booked on each account in each month, which is not the one of its business day when it came too late."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', account.kind, account.owner, to_char(side.booked, 'YYYY-MM')) AS of,
               sum(side.debit)::bigint AS debit, sum(side.credit)::bigint AS credit
        FROM (
            SELECT debit AS id, booked, amount AS debit, 0 AS credit FROM transfer
            UNION ALL
            SELECT credit, booked, 0, amount FROM transfer
        ) side
        JOIN account USING (id)
        GROUP BY 1
        """
    )


async def list_periods(tx: Tx) -> list[Row]:
    """The figures of closed months, as they were stored."""
    return await tx.fetch(
        """
        SELECT concat_ws(' ', to_char(p.month, 'YYYY-MM'), account.kind, account.owner) AS of,
               f.opening, f.debit, f.credit, f.closing
        FROM closing_figure f
        JOIN period p ON p.no = f.period
        JOIN account ON account.id = f.account
        """
    )
