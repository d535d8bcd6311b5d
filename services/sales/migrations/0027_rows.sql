-- Who is paid by a batch, under which key it was tried, and what became of each attempt. Nothing here is ever changed.

LOCK TABLE payout, payout_line, settlement_step IN ACCESS EXCLUSIVE MODE;

ALTER TABLE settlement_step DROP CONSTRAINT settlement_step_state_check;
ALTER TABLE settlement_step ADD CONSTRAINT settlement_step_state_check CHECK (state IN (
    'frozen', 'approved', 'sent', 'paid', 'proposed', 'posted', 'cancelled'));

-- A maker's line, or a cooperative that is owed what the batch repays of loans.
CREATE TABLE payout_row (
    no       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payout   bigint NOT NULL REFERENCES payout,
    amount   bigint NOT NULL CHECK (amount > 0),
    maker_id uuid,
    lender   text,
    FOREIGN KEY (payout, maker_id) REFERENCES payout_line,
    UNIQUE (payout, maker_id),
    UNIQUE (payout, lender),
    CHECK ((maker_id IS NULL) <> (lender IS NULL))
);
CREATE TRIGGER payout_row_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_row
    EXECUTE FUNCTION refuse_change();

CREATE TABLE payout_attempt (
    row_no bigint      NOT NULL REFERENCES payout_row,
    at     timestamptz NOT NULL,
    number smallint    NOT NULL CHECK (number > 0),
    key    text        NOT NULL UNIQUE,
    by     text        NOT NULL,
    PRIMARY KEY (row_no, number),
    UNIQUE (row_no, key)
);
CREATE TRIGGER payout_attempt_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_attempt
    EXECUTE FUNCTION refuse_change();

-- An attempt is paid or has failed, once and for all; it may be unknown before. A row is paid once, whatever was tried.
CREATE TABLE payout_result (
    row_no  bigint      NOT NULL,
    at      timestamptz NOT NULL,
    key     text        NOT NULL,
    outcome text        NOT NULL CHECK (outcome IN ('paid', 'failed', 'unknown')),
    by      text        NOT NULL,
    reason  text,
    PRIMARY KEY (key, outcome),
    FOREIGN KEY (row_no, key) REFERENCES payout_attempt (row_no, key)
);
CREATE UNIQUE INDEX payout_result_final ON payout_result (key) WHERE outcome <> 'unknown';
CREATE UNIQUE INDEX payout_result_paid_once ON payout_result (row_no) WHERE outcome = 'paid';
CREATE TRIGGER payout_result_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_result
    EXECUTE FUNCTION refuse_change();

-- A row as it is now: the last attempt's.
CREATE VIEW payout_row_now AS
SELECT r.no, r.payout, r.amount, r.maker_id, r.lender, a.number AS attempt, a.key AS attempt_key,
       CASE WHEN final.outcome IS NOT NULL THEN final.outcome WHEN doubt.key IS NOT NULL THEN 'held' ELSE 'pending' END
           AS state,
       coalesce(final.at, doubt.at, a.at) AS since,
       CASE WHEN final.outcome IS NOT NULL THEN final.reason ELSE doubt.reason END AS reason
FROM payout_row r
CROSS JOIN LATERAL (
    SELECT number, key, at FROM payout_attempt WHERE row_no = r.no ORDER BY number DESC LIMIT 1
) a
LEFT JOIN payout_result final ON final.key = a.key AND final.outcome <> 'unknown'
LEFT JOIN payout_result doubt ON doubt.key = a.key AND doubt.outcome = 'unknown';

-- How far a batch has come: of one that was sent, its rows say so.
CREATE VIEW payout_now AS
SELECT p.no, p.payout_id, p.day, p.cooperative,
       CASE WHEN last.state = 'sent' AND EXISTS (
           SELECT FROM payout_row r JOIN payout_result s ON s.row_no = r.no WHERE r.payout = p.no AND s.outcome = 'paid'
       ) THEN 'partly_paid' ELSE last.state END AS state
FROM payout p
CROSS JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = p.no ORDER BY id DESC LIMIT 1) last;

-- Where a cooperative is paid, as somebody has said. It holds when somebody else has said the same.
CREATE TABLE cooperative_account (
    no             bigint      PRIMARY KEY DEFAULT nextval('fact'),
    at             timestamptz NOT NULL,
    valid_from     date        NOT NULL,
    cooperative    text        NOT NULL,
    name           text        NOT NULL,
    bank           text        NOT NULL,
    account_number text        NOT NULL,
    account_name   text        NOT NULL,
    by             text        NOT NULL
);
CREATE INDEX cooperative_account_of ON cooperative_account (cooperative, valid_from, no);
CREATE TRIGGER cooperative_account_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cooperative_account
    EXECUTE FUNCTION refuse_change();

-- What was said first, who has confirmed it, and with which number it holds. Of what holds for one day, the last does.
CREATE VIEW cooperative_account_said AS
SELECT DISTINCT ON (cooperative, valid_from, name, bank, account_number, account_name)
       said.no, said.cooperative, said.name, said.bank, said.account_number, said.account_name, said.valid_from,
       said.by, said.at, other.no AS agreed, other.by AS confirmed_by
FROM cooperative_account said
LEFT JOIN LATERAL (
    SELECT no, by FROM cooperative_account o
    WHERE (o.cooperative, o.valid_from, o.name, o.bank, o.account_number, o.account_name)
        = (said.cooperative, said.valid_from, said.name, said.bank, said.account_number, said.account_name)
      AND o.no > said.no
      AND coalesce(nullif(split_part(o.by, ':', 2), ''), o.by) <> coalesce(nullif(split_part(said.by, ':', 2), ''), said.by)
    ORDER BY o.no LIMIT 1
) other ON true
ORDER BY cooperative, valid_from, name, bank, account_number, account_name, said.no;
