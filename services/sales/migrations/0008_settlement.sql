-- Payouts through the cooperatives, and debts that are written off. What is recorded here is never changed either.

ALTER TABLE account DROP CONSTRAINT account_kind_check;
ALTER TABLE account ADD CONSTRAINT account_kind_check CHECK (kind IN (
    'outlet-receivable', 'outlet-commission', 'programme-share', 'maker-payable', 'cooperative-payable', 'written-off'));
ALTER TABLE transfer DROP CONSTRAINT transfer_kind_check;
ALTER TABLE transfer ADD CONSTRAINT transfer_kind_check CHECK (kind IN ('sale', 'return', 'void', 'payout', 'write-off'));

-- A batch as it was frozen. `position`: the last row of the ledger that was summed for it. A row up to there that
-- is committed later does not exist: see where the position is read.
CREATE TABLE payout (
    no          bigint PRIMARY KEY,
    payout_id   uuid   NOT NULL UNIQUE,
    position    bigint NOT NULL,
    day         date   NOT NULL,
    cooperative text   NOT NULL
);
CREATE TRIGGER payout_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payout EXECUTE FUNCTION refuse_change();

-- `gross`: what the maker earned since her last line that was paid. `debt`: what she owed besides; of it `recovery`
-- is kept back, never more than half of what she earned.
CREATE TABLE payout_line (
    payout   bigint NOT NULL REFERENCES payout,
    maker_id uuid   NOT NULL REFERENCES maker,
    gross    bigint NOT NULL CHECK (gross > 0),
    debt     bigint NOT NULL CHECK (debt >= 0),
    recovery bigint NOT NULL CHECK (recovery >= 0 AND recovery <= debt AND 2 * recovery <= gross),
    amount   bigint NOT NULL GENERATED ALWAYS AS (gross - recovery) STORED,
    PRIMARY KEY (payout, maker_id)
);
CREATE INDEX payout_line_of_maker ON payout_line (maker_id, payout);
CREATE TRIGGER payout_line_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_line
    EXECUTE FUNCTION refuse_change();

-- Who is in a batch that is neither paid nor cancelled: a maker is in one at most. Rows live as long as that lasts.
CREATE TABLE payout_open (
    maker_id uuid   PRIMARY KEY REFERENCES maker,
    payout   bigint NOT NULL
);
CREATE INDEX payout_open_of_payout ON payout_open (payout);

CREATE TABLE write_off (
    no           bigint PRIMARY KEY DEFAULT nextval('fact'),
    write_off_id uuid   NOT NULL UNIQUE,
    maker_id     uuid   NOT NULL REFERENCES maker,
    amount       bigint NOT NULL CHECK (amount > 0),
    reason       text   NOT NULL
);
CREATE TRIGGER write_off_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON write_off
    EXECUTE FUNCTION refuse_change();

-- Who agreed to a batch or to a write-off: `fact` is its number. Nobody agrees twice.
CREATE TABLE settlement_approval (
    fact   bigint      NOT NULL,
    person text        NOT NULL,
    by     text        NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (fact, person)
);
CREATE TRIGGER settlement_approval_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_approval
    EXECUTE FUNCTION refuse_change();

-- How far a batch or a write-off has come: the last step says its state. No state is reached twice.
CREATE TABLE settlement_step (
    id    bigint      GENERATED ALWAYS AS IDENTITY,
    fact  bigint      NOT NULL,
    state text        NOT NULL CHECK (state IN ('frozen', 'approved', 'paid', 'proposed', 'posted', 'cancelled')),
    by    text        NOT NULL,
    at    timestamptz NOT NULL,
    note  text,
    PRIMARY KEY (fact, id),
    UNIQUE (fact, state)
);
CREATE TRIGGER settlement_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_step
    EXECUTE FUNCTION refuse_change();
