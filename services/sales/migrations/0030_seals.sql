-- The ledger sealed day by day: each seal holds the one before, so nothing below it can be changed unnoticed.

-- How far somebody has read the ledger behind all who still write; until now there was one reader.
ALTER TABLE earned_reading RENAME TO ledger_reading;
ALTER TABLE ledger_reading DROP CONSTRAINT earned_reading_pkey, DROP COLUMN sole,
    ADD COLUMN reader text NOT NULL PRIMARY KEY DEFAULT 'earned';
ALTER TABLE ledger_reading ALTER COLUMN reader DROP DEFAULT;
INSERT INTO ledger_reading (reader, position, upto, horizon) VALUES ('seals', 0, 0, '0');

-- Entries with numbers above those of the seal before, up to `upto`. `hash`: of `previous`, what the seal says and its
-- parts. `day`: on which it was made, in Jakarta.
CREATE TABLE ledger_seal (
    no        int         PRIMARY KEY CHECK (no > 0),
    day       date        NOT NULL,
    upto      bigint      NOT NULL,
    entries   bigint      NOT NULL CHECK (entries >= 0),
    amount    bigint      NOT NULL CHECK (amount >= 0),
    hash      bytea       NOT NULL CHECK (octet_length(hash) = 32),
    previous  bytea       NOT NULL CHECK (octet_length(previous) = 32),
    sealed_at timestamptz NOT NULL
);
CREATE TRIGGER ledger_seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    EXECUTE FUNCTION refuse_change();

-- What it says of the numbers from `part` * 10000 on, 10000 at most, so that it can be said where something differs.
CREATE TABLE ledger_seal_part (
    seal    int    NOT NULL REFERENCES ledger_seal,
    part    bigint NOT NULL,
    entries int    NOT NULL CHECK (entries > 0),
    amount  bigint NOT NULL CHECK (amount > 0),
    digest  bytea  NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (seal, part)
);
CREATE TRIGGER ledger_seal_part_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal_part
    EXECUTE FUNCTION refuse_change();

-- A statement's trigger does not reach the months: nobody empties one of them either. Those to come are guarded when
-- they are made.
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'transfer'::regclass LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER transfer_is_kept BEFORE TRUNCATE ON %s EXECUTE FUNCTION refuse_change()', part);
    END LOOP;
END $$;

-- Accounts are named in every entry: who an account is of does not change.
CREATE TRIGGER account_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account EXECUTE FUNCTION refuse_change();
