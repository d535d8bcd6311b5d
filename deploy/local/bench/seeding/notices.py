"""Notices as they would have been written and sent: the notice, its outcome, its event, its place in the inbox."""

from deploy.local.bench.seeding.plan import Plan
from shared.db import Tx


async def add_notices(tx: Tx, plan: Plan) -> None:
    """To each maker in turn. The makers are those who have had a notice."""
    await tx.execute(
        """
        INSERT INTO notice (notice_id, maker_id, template, params, created_at)
        SELECT gen_random_uuid(), maker.id, 'item-sold',
               jsonb_build_object('sku', 'BTK-0007', 'amount', 490000, 'outlet', 'citos', 'sold_at', at, 'quantity', 1),
               at
        FROM generate_series(0, $1::bigint - 1) AS i
        CROSS JOIN LATERAL (SELECT $2::timestamptz + i * $3::interval AS at) moment
        JOIN (
            SELECT maker_id AS id, row_number() OVER () - 1 AS place, count(*) OVER () AS places
            FROM (SELECT DISTINCT maker_id FROM notice) known
        ) maker ON maker.place = i * 7919 % maker.places
        """,
        plan.sales,
        plan.since,
        plan.step,
    )


async def add_outcomes(tx: Tx, plan: Plan) -> None:
    """Sent a moment later."""
    await tx.execute(
        """
        INSERT INTO outcome (seq, state, tries, channel, sent_at)
        SELECT seq, 'sent', 1, 'log', created_at + interval '1 second'
        FROM notice
        WHERE seq > (SELECT max(seq) FROM notice) - $1
        """,
        plan.sales,
    )


async def add_events(tx: Tx, plan: Plan) -> None:
    """That they were sent, as long as it is in life."""
    await tx.execute(
        """
        INSERT INTO event_log (day, id, type, subject, envelope, recorded_at)
        SELECT (o.sent_at AT TIME ZONE 'UTC')::date, e.id, 'notify.NoticeSent.v1', n.notice_id::text,
               format(
                   '{"specversion": "1.0", "source": "/services/notify", "time": %s, "datacontenttype": '
                   '"application/json", "id": "%s", "type": "notify.NoticeSent.v1", "subject": "%s", '
                   '"correlationid": "%s", "data": {"notice_id":"%s","maker_id":"%s","template":"%s","channel":"%s"}}',
                   to_json(o.sent_at), e.id, n.notice_id, e.id, n.notice_id, n.maker_id, n.template, o.channel
               ),
               o.sent_at
        FROM notice n
        JOIN outcome o USING (seq)
        CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE n.seq IS NOT NULL) e
        WHERE n.seq > (SELECT max(seq) FROM notice) - $1
        """,
        plan.sales,
    )


async def add_to_inbox(tx: Tx, plan: Plan) -> None:
    """Only of the days that the inbox remembers. Our own events have no digest."""
    await tx.execute(
        """
        INSERT INTO inbox (day, id, seen_at)
        SELECT (at AT TIME ZONE 'UTC')::date, gen_random_uuid(), at
        FROM generate_series(0, $1::bigint - 1) AS i
        CROSS JOIN LATERAL (SELECT $2::timestamptz + i * $3::interval AS at) moment
        WHERE at >= $4
        """,
        plan.sales,
        plan.since,
        plan.step,
        plan.inbox_since,
    )
