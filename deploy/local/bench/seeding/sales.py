"""Sales as they would have been booked: the sale, its split, its transfers, its event, its place in the inbox."""

from collections.abc import Sequence

from deploy.local.bench.seeding.plan import Plan
from deploy.local.bench.tills import TILLS
from shared.db import Tx


async def count_transfers(tx: Tx) -> int:
    rows: int = await tx.fetchval("SELECT count(*) FROM transfer")
    return rows


async def claim_numbers(tx: Tx, sales: int) -> int:
    """The first of so many numbers of facts that are nobody's now."""
    last: int = await tx.fetchval("SELECT setval('fact', nextval('fact') + $1)", sales)
    return last - sales


async def add_sales(tx: Tx, plan: Plan, first: int, skus: Sequence[str]) -> None:
    """One piece each, at the list's price, at every till in turn; receipts are numbered as the bench's tills do."""
    await tx.execute(
        """
        INSERT INTO sale (no, sale_id, report_id, sold_at, recorded_at, unit_price, discount, list_price, quantity,
                          line, day, agreed_from, outlet, till, receipt, sku)
        SELECT $1 + i, gen_random_uuid(), gen_random_uuid(), at, at, price, 0, price, 1,
               1, (at AT TIME ZONE 'Asia/Jakarta')::date, a.valid_from, a.outlet, 'till-' || 1 + i % $6::int,
               (extract(epoch FROM at) * 1e6 + i)::bigint::text, p.sku
        FROM generate_series(0, $2::bigint - 1) AS i
        CROSS JOIN LATERAL (SELECT $3::timestamptz + i * $4::interval AS at) moment
        JOIN (SELECT *, row_number() OVER (ORDER BY outlet) - 1 AS place, count(*) OVER () AS places FROM agreement) a
            ON a.place = i % a.places
        JOIN product_price p ON p.sku = ($5::text[])[(1 + i * 7919 % cardinality($5::text[]))::int]
        """,
        first,
        plan.sales,
        plan.since,
        plan.step,
        skus,
        TILLS,
    )


async def add_splits(tx: Tx, first: int, last: int) -> None:
    await tx.execute(
        """
        INSERT INTO sale_split (sale, net, outlet, programme, run, units, accounts, shares)
        SELECT s.no, s.unit_price, part.outlet, part.programme, 0, 1,
               ARRAY[m.account], ARRAY[s.unit_price - part.outlet - part.programme]
        FROM sale s
        JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from
        JOIN product_maker p ON p.sku = s.sku AND p.position = 1
        JOIN maker m USING (maker_id)
        CROSS JOIN LATERAL (
            SELECT s.unit_price * a.outlet_bps / 10000 AS outlet, s.unit_price * a.programme_bps / 10000 AS programme
        ) part
        WHERE s.no BETWEEN $1 AND $2
        """,
        first,
        last,
    )


async def add_transfers(tx: Tx, first: int, last: int) -> None:
    await tx.execute(
        """
        INSERT INTO transfer (cause, kind, debit, credit, amount, recorded_at, day, booked)
        SELECT s.no, 'sale', o.receivable, part.account, part.amount, s.recorded_at, s.day, s.day
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        JOIN outlet o ON o.code = s.outlet
        JOIN account programme ON programme.kind = 'programme-share'
        CROSS JOIN LATERAL (
            VALUES (o.commission, p.outlet), (programme.id, p.programme), (p.accounts[1], p.shares[1])
        ) AS part (account, amount)
        WHERE s.no BETWEEN $1 AND $2
        """,
        first,
        last,
    )


async def add_events(tx: Tx, first: int, last: int) -> None:
    """What was told of each of them, as long as it is in life."""
    await tx.execute(
        """
        INSERT INTO event_log (day, id, type, subject, envelope, recorded_at)
        SELECT (s.recorded_at AT TIME ZONE 'UTC')::date, e.id, 'sales.ItemSold.v1', s.sale_id::text,
               format(
                   '{"specversion": "1.0", "source": "/services/sales", "time": %s, "datacontenttype": '
                   '"application/json", "id": "%s", "type": "sales.ItemSold.v1", "subject": "%s", "correlationid": '
                   '"%s", "causationid": "%s", "data": {"sale_id":"%s","outlet":"%s","sku":"%s","quantity":1,'
                   '"net":%s,"outlet_share":%s,"programme_share":%s,"shares":[{"maker_id":"%s","amount":%s}],'
                   '"sold_at":%s,"till":"%s","receipt":"%s","line":1,"unit_price":%s,"list_price":%s,'
                   '"agreed_from":"%s"}}',
                   to_json(s.recorded_at), e.id, s.sale_id, s.report_id, s.report_id, s.sale_id, s.outlet, s.sku,
                   p.net, p.outlet, p.programme, m.maker_id, p.shares[1],
                   to_json(s.sold_at), s.till, s.receipt, s.unit_price, s.list_price, s.agreed_from
               ),
               s.recorded_at
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        JOIN maker m ON m.account = p.accounts[1]
        CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE s.no IS NOT NULL) e
        WHERE s.no BETWEEN $1 AND $2
        """,
        first,
        last,
    )


async def add_to_inbox(tx: Tx, plan: Plan, first: int, last: int) -> None:
    """Only of the days that the inbox remembers."""
    await tx.execute(
        """
        INSERT INTO inbox (day, id, digest, arrival, seen_at)
        SELECT (sold_at AT TIME ZONE 'UTC')::date, report_id, substring(uuid_send(sale_id) FOR 8), no, recorded_at
        FROM sale
        WHERE no BETWEEN $1 AND $2 AND sold_at >= $3
        """,
        first,
        last,
        plan.inbox_since,
    )


async def take_off_shelves(tx: Tx, first: int, last: int) -> None:
    await tx.execute(
        """
        UPDATE stock SET balance = balance - sold.pieces
        FROM (SELECT outlet, sku, sum(quantity) AS pieces FROM sale WHERE no BETWEEN $1 AND $2 GROUP BY 1, 2) sold
        WHERE (stock.outlet, stock.sku) = (sold.outlet, sold.sku)
        """,
        first,
        last,
    )


async def add_to_days(tx: Tx, first: int, last: int) -> None:
    """What the watch has long looked at."""
    await tx.execute(
        """
        INSERT INTO till_day AS d (outlet, till, day, events, total)
        SELECT outlet, till, day, count(*), sum(unit_price) FROM sale WHERE no BETWEEN $1 AND $2 GROUP BY 1, 2, 3
        ON CONFLICT (outlet, till, day) DO UPDATE
        SET events = d.events + excluded.events, total = d.total + excluded.total
        """,
        first,
        last,
    )


async def mark_earned(tx: Tx) -> None:
    """Who earned on which day, as it was told long ago; nothing of it is read again, by anybody."""
    await tx.execute(
        """
        WITH told AS (
            INSERT INTO earned (day, account)
            SELECT DISTINCT t.day, t.credit FROM transfer t JOIN account a ON a.id = t.credit
            WHERE t.kind = 'sale' AND a.kind = 'maker-payable'
            ON CONFLICT DO NOTHING
        )
        UPDATE ledger_reading SET (position, upto) = (SELECT last_value, last_value FROM transfer_number)
        """
    )
