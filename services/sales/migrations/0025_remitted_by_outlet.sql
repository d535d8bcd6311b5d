-- What is settled of which outlet, and remittances that were entered wrong.

ALTER TABLE remittance
    ADD COLUMN recorded_at timestamptz NOT NULL,
    ADD COLUMN by          text        NOT NULL;

-- A piece that was bought at one outlet and came back to another concerns both: the one paid the buyer out, the other
-- gives its commission back. So what is settled is a cause at an outlet. Its sale's own row is the selling outlet's.
-- `outlet` is the remittance's: to have it checked for each row would take as long as all the rest of it.
ALTER TABLE remitted
    ADD COLUMN outlet text NOT NULL,
    DROP CONSTRAINT remitted_pkey,
    ADD PRIMARY KEY (cause, outlet);
DROP INDEX remitted_by;
CREATE INDEX remitted_by ON remitted (remittance, cause);

-- The bank's reference of what stands: the same money is entered once. A row lives until its remittance is reversed.
CREATE TABLE remittance_reference (
    remittance bigint NOT NULL UNIQUE REFERENCES remittance,
    outlet     text   NOT NULL,
    reference  text   NOT NULL,
    PRIMARY KEY (outlet, reference)
);

-- What was entered wrong: its transfers have their mirror images, its sales are open again.
CREATE TABLE remittance_reversal (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    remittance  bigint      NOT NULL UNIQUE REFERENCES remittance,
    reversed_at timestamptz NOT NULL,
    by          text        NOT NULL,
    reason      text        NOT NULL
);
CREATE TRIGGER remittance_reversal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON remittance_reversal
    EXECUTE FUNCTION refuse_change();

-- What sales, and what takes pieces of them back, moved on the two accounts of an outlet: `received` of buyers, less what
-- was given back to them, of which it may keep `kept`. It owes `received - kept`. Of pieces that came back elsewhere the
-- selling outlet has only commission to give back, the other only what it paid out.
CREATE VIEW outlet_entry AS
    SELECT o.code AS outlet, t.cause, t.kind, t.day, t.amount AS received,
           CASE WHEN t.credit = o.commission THEN t.amount ELSE 0 END AS kept
    FROM outlet o JOIN transfer t ON t.debit = o.receivable WHERE t.kind IN ('sale', 'return', 'void')
    UNION ALL
    SELECT o.code, t.cause, t.kind, t.day, -t.amount, CASE WHEN t.debit = o.commission THEN -t.amount ELSE 0 END
    FROM outlet o JOIN transfer t ON t.credit = o.receivable WHERE t.kind IN ('sale', 'return', 'void')
    UNION ALL
    SELECT o.code, t.cause, t.kind, t.day, 0, t.amount
    FROM outlet o JOIN transfer t ON t.credit = o.commission AND t.debit <> o.receivable
    WHERE t.kind IN ('sale', 'return', 'void')
    UNION ALL
    SELECT o.code, t.cause, t.kind, t.day, 0, -t.amount
    FROM outlet o JOIN transfer t ON t.debit = o.commission AND t.credit <> o.receivable
    WHERE t.kind IN ('sale', 'return', 'void');
