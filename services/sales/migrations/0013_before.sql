-- What was booked before anybody looked at tills as a whole, and claims that no event told of, are known from here on.

-- From 0005 on every booking is heard of. Days that began before then would never agree with what their tills count.
INSERT INTO till_day AS d (outlet, till, day, events, total)
SELECT outlet, till, day, count(*), sum(net)
FROM (
    SELECT outlet, till, day, quantity * unit_price - discount AS net, recorded_at FROM sale
    UNION ALL
    SELECT outlet, till, (returned_at AT TIME ZONE 'Asia/Jakarta')::date, -net, recorded_at FROM returned
) fact
WHERE recorded_at < (SELECT applied_at FROM schema_migrations WHERE name = '0005_till_facts.sql')
GROUP BY outlet, till, day
ON CONFLICT (outlet, till, day) DO UPDATE
SET events = d.events + excluded.events, total = d.total + excluded.total;

-- The numbers of returns were not kept, so among those of before none is looked for.
INSERT INTO till AS t (outlet, till, seen, counts_from)
SELECT outlet, till, int8multirange(int8range(min(till_seq), max(till_seq), '[]')), max(till_seq) + 1
FROM sale
WHERE till_seq IS NOT NULL
  AND recorded_at < (SELECT applied_at FROM schema_migrations WHERE name = '0005_till_facts.sql')
GROUP BY outlet, till
ON CONFLICT (outlet, till) DO UPDATE
SET seen = t.seen + excluded.seen, counts_from = greatest(t.counts_from, excluded.counts_from);

-- 0006 opened claims for what had not arrived until then. All books are to follow from the log: it tells of them too.
WITH told AS (
    SELECT gen_random_uuid() AS id, (now() AT TIME ZONE 'UTC')::date AS day, c.claim_id::text AS subject,
           json_build_object(
               'claim_id', c.claim_id, 'delivery_id', d.delivery_id, 'number', d.note_number, 'outlet', c.outlet,
               'responsible', c.responsible, 'sku', c.sku, 'kind', c.kind, 'quantity', c.quantity,
               'serials', json_build_array(), 'opened_at', c.opened_at
           ) AS data
    FROM claim c
    JOIN delivery d ON d.no = c.delivery
    WHERE NOT EXISTS (
        SELECT FROM event_log e WHERE e.type = 'sales.ClaimOpened.v1' AND e.subject = c.claim_id::text
    )
), logged AS (
    INSERT INTO event_log (day, id, type, subject, envelope)
    SELECT day, id, 'sales.ClaimOpened.v1', subject,
           json_build_object(
               'specversion', '1.0', 'source', '/services/sales', 'time', now(), 'datacontenttype', 'application/json',
               'id', id, 'type', 'sales.ClaimOpened.v1', 'subject', subject, 'correlationid', id, 'data', data
           )::text
    FROM told
    RETURNING day, id
)
INSERT INTO outbox (day, id) SELECT day, id FROM logged;
