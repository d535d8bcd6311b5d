-- The ledger by month of the business day. It only grows: a month that is over is vacuumed and frozen once and never
-- touched again, its indexes stay as small as a month's, and who asks about some months reads no other.

-- The services may be running: what they are about to book waits, and is booked into the new table.
LOCK TABLE transfer IN ACCESS EXCLUSIVE MODE;

CREATE TABLE ledger (
    id          bigint      NOT NULL,
    cause       bigint      NOT NULL,
    amount      bigint      NOT NULL CHECK (amount > 0),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    debit       int         NOT NULL,
    credit      int         NOT NULL,
    day         date        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('sale', 'return', 'void', 'payout', 'write-off')),
    CHECK (debit <> credit)
) PARTITION BY RANGE (day);

-- What is told of a month that has no partition: a till with a wrong clock, a receipt of years ago.
CREATE TABLE transfer_other PARTITION OF ledger DEFAULT;

-- This month's and those of which there is something. A table that has a month's partition is given those to come.
DO $$
DECLARE
    month date;
BEGIN
    FOR month IN SELECT date_trunc('month', day)::date FROM transfer UNION SELECT date_trunc('month', now())::date
    LOOP
        EXECUTE format('CREATE TABLE transfer_%s PARTITION OF ledger FOR VALUES FROM (%L) TO (%L)',
                       to_char(month, 'YYYYMM'), month, month + interval '1 month');
    END LOOP;
END $$;

INSERT INTO ledger (id, cause, amount, recorded_at, debit, credit, day, kind)
SELECT id, cause, amount, recorded_at, debit, credit, day, kind FROM transfer ORDER BY id;

-- Not an identity column: before PostgreSQL 17 a partitioned table has none.
CREATE SEQUENCE transfer_number AS bigint;
SELECT setval('transfer_number', (SELECT coalesce(max(id), 0) + 1 FROM transfer), false);

DROP TABLE transfer;
ALTER TABLE ledger RENAME TO transfer;
ALTER TABLE transfer ALTER COLUMN id SET DEFAULT nextval('transfer_number');
ALTER SEQUENCE transfer_number OWNED BY transfer.id;
ALTER TABLE transfer ADD CONSTRAINT transfer_pkey PRIMARY KEY (id, day);
CREATE INDEX transfer_of_debit ON transfer (debit, id);
CREATE INDEX transfer_of_credit ON transfer (credit, id);

-- Of rows, so that each partition has it too: nobody changes the past through a side door.
CREATE TRIGGER transfer_is_append_only BEFORE UPDATE OR DELETE ON transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_kept BEFORE TRUNCATE ON transfer EXECUTE FUNCTION refuse_change();
