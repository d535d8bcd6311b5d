"""What holds of sales' books at every moment, whatever was told: each rule as a statement that finds what breaks it."""

RULES = {
    "the shares of a piece are its price": """
        SELECT sale, run FROM sale_split WHERE net <> outlet + programme + (SELECT sum(one) FROM unnest(shares) AS one)
    """,
    "the pieces of a line cost what the line cost": """
        SELECT s.no FROM sale s JOIN sale_split p ON p.sale = s.no
        GROUP BY s.no, s.quantity, s.unit_price, s.discount
        HAVING (sum(p.units), sum(p.units * p.net)) <> (s.quantity, s.quantity * s.unit_price - s.discount)
    """,
    "every sale has its pieces": "SELECT no FROM sale WHERE NOT EXISTS (SELECT FROM sale_split WHERE sale = no)",
    "no more comes back than was sold, and all that does is written down": """
        SELECT s.no FROM sale s
        CROSS JOIN LATERAL (SELECT sum(units) AS sold, sum(taken_back) AS back FROM sale_split WHERE sale = s.no) p
        WHERE p.back > p.sold OR p.back <> coalesce((SELECT sum(quantity) FROM returned WHERE sale = s.no), 0)
                                         + coalesce((SELECT sum(quantity) FROM sale_void WHERE sale = s.no), 0)
                                         - coalesce((SELECT sum(quantity) FROM return_void WHERE sale = s.no), 0)
    """,
    "an outlet owed what its sales cost, less what it gave back, before it remitted anything": """
        WITH told AS (
            SELECT outlet, quantity * unit_price - discount AS net FROM sale
            UNION ALL SELECT outlet, -net FROM returned
            UNION ALL SELECT outlet, -net FROM sale_void
            UNION ALL SELECT outlet, net FROM return_void
        ), moved AS (
            SELECT debit AS id, amount FROM transfer WHERE kind IN ('sale', 'return', 'void')
            UNION ALL SELECT credit, -amount FROM transfer WHERE kind IN ('sale', 'return', 'void')
        )
        SELECT o.code FROM outlet o
        WHERE coalesce((SELECT sum(net) FROM told WHERE outlet = o.code), 0)
           <> coalesce((SELECT sum(amount) FROM moved WHERE id = o.receivable), 0)
    """,
    "each party got its share of the pieces that did not come back, once": """
        WITH due AS (
            SELECT paid.account, sum((p.units - p.taken_back) * paid.share) AS amount
            FROM sale s JOIN sale_split p ON p.sale = s.no JOIN outlet o ON o.code = s.outlet
            CROSS JOIN LATERAL (
                SELECT o.commission AS account, p.outlet AS share
                UNION ALL SELECT (SELECT id FROM account WHERE kind = 'programme-share'), p.programme
                UNION ALL SELECT * FROM unnest(p.accounts, p.shares)
            ) paid
            GROUP BY paid.account
        ), got AS (
            SELECT id, sum(amount) AS amount FROM (
                SELECT credit AS id, amount FROM transfer WHERE kind IN ('sale', 'return', 'void')
                UNION ALL SELECT debit, -amount FROM transfer WHERE kind IN ('sale', 'return', 'void')
            ) moved
            JOIN account USING (id) WHERE account.kind <> 'outlet-receivable' GROUP BY id
        )
        SELECT account FROM due FULL JOIN got ON got.id = due.account
        WHERE coalesce(due.amount, 0) <> coalesce(got.amount, 0)
    """,
    "a posting is made for a fact, once": """
        SELECT cause, debit, credit FROM transfer t WHERE kind NOT IN ('bank', 'repayment')
        GROUP BY cause, kind, debit, credit HAVING count(*) > 1
    """,
    "nothing of a batch that is paid is left with a cooperative: it has left the bank": """
        SELECT t.cause FROM transfer t
        JOIN account a ON a.id IN (t.debit, t.credit) AND a.kind = 'cooperative-payable'
        WHERE (SELECT count(*) FROM settlement_step s WHERE s.fact = t.cause AND s.state IN ('sent', 'paid')) = 2
        GROUP BY t.cause HAVING sum(CASE WHEN t.credit = a.id THEN t.amount ELSE -t.amount END) <> 0
    """,
    "a shelf holds what moved there": """
        SELECT outlet, sku FROM stock
        FULL JOIN (SELECT outlet, sku, sum(delta) AS moved FROM stock_movement GROUP BY outlet, sku) m
        USING (outlet, sku)
        WHERE coalesce(balance, 0) <> coalesce(moved, 0)
    """,
    "a shelf keeps what is held for somebody": """
        SELECT outlet, sku FROM stock
        FULL JOIN (SELECT outlet, sku, sum(quantity) AS held FROM reservation WHERE released_at IS NULL GROUP BY 1, 2) r
        USING (outlet, sku)
        WHERE coalesce(reserved, 0) <> coalesce(held, 0)
    """,
    "what was counted stays what was counted, once the watch has seen what tills told": """
        WITH counted AS (
            SELECT DISTINCT ON (c.outlet, line.sku, c.counted_at) c.outlet, line.sku, c.counted_at, line.counted
            FROM stock_count_line line
            JOIN stock_count c ON c.no = line.count
            JOIN stock_count_approval a ON a.count = c.no
            ORDER BY c.outlet, line.sku, c.counted_at, c.no DESC
        )
        SELECT c.outlet, c.sku, c.counted_at FROM counted c
        JOIN stock ON (stock.outlet, stock.sku) = (c.outlet, c.sku)
        WHERE NOT EXISTS (SELECT FROM heard) AND c.counted <> stock.balance - (
            SELECT coalesce(sum(delta), 0) FROM stock_movement m
            WHERE (m.outlet, m.sku) = (c.outlet, c.sku) AND m.occurred_at > c.counted_at
        )
    """,
    "a piece that is sold belongs to a sale that has not come back": """
        SELECT u.serial FROM unit u
        LEFT JOIN sale s ON s.no = u.cause AND s.serial = u.serial
        LEFT JOIN sale_split p ON p.sale = s.no
        WHERE u.state = 'sold' AND (s.no IS NULL OR p.taken_back = p.units)
    """,
    "a shelf of pieces with serials has a place for each": """
        SELECT serial FROM unit WHERE (state = 'at-outlet') AND outlet IS NULL
    """,
}
"""`no serial in two places` is what the key of `unit` says."""
