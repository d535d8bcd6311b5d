-- What is settled of which outlet, and remittances that were entered wrong.

-- A piece that was bought at one outlet and came back to another concerns both: the one paid the buyer out, the other
-- gives its commission back. So what is settled is a cause at an outlet. Its sale's own row is the selling outlet's.
ALTER TABLE remitted
    ADD COLUMN outlet text NOT NULL REFERENCES outlet,
    DROP CONSTRAINT remitted_pkey,
    ADD PRIMARY KEY (cause, outlet);

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
