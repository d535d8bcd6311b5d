-- Loans: a cooperative's capital for a maker, paid back out of what she sells. What is recorded here is never changed.

ALTER TABLE settlement_step DROP CONSTRAINT settlement_step_state_check;
ALTER TABLE settlement_step ADD CONSTRAINT settlement_step_state_check CHECK (state IN (
    'frozen', 'approved', 'sent', 'paid', 'partly_paid', 'proposed', 'posted', 'cancelled',
    'applied', 'disbursed', 'closed'));

-- As it was applied for. `lender`: the cooperative that she belonged to on that day; it stays when she moves.
CREATE TABLE loan (
    no              bigint PRIMARY KEY DEFAULT nextval('fact'),
    loan_id         uuid   NOT NULL UNIQUE,
    maker_id        uuid   NOT NULL REFERENCES maker,
    principal       bigint NOT NULL CHECK (principal > 0),
    floor_income    bigint NOT NULL CHECK (floor_income >= 0),
    months          int    NOT NULL CHECK (months BETWEEN 1 AND 60),
    service_fee_bps int    NOT NULL CHECK (service_fee_bps BETWEEN 0 AND 1000),
    deduction_bps   int    NOT NULL CHECK (deduction_bps BETWEEN 1 AND 5000),
    applied_on      date   NOT NULL,
    lender          text   NOT NULL,
    purpose         text   NOT NULL
);
CREATE INDEX loan_of_maker ON loan (maker_id, no);
CREATE TRIGGER loan_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan EXECUTE FUNCTION refuse_change();

-- A maker has one loan at most that is neither closed nor cancelled. Rows live as long as that lasts.
CREATE TABLE loan_open (
    maker_id uuid   PRIMARY KEY REFERENCES maker,
    loan     bigint NOT NULL UNIQUE REFERENCES loan
);

-- The `number`-th is due with the `number`-th month in which she sells something.
CREATE TABLE loan_instalment (
    loan      bigint   NOT NULL REFERENCES loan,
    principal bigint   NOT NULL CHECK (principal >= 0),
    service   bigint   NOT NULL CHECK (service >= 0),
    number    smallint NOT NULL CHECK (number BETWEEN 1 AND 60),
    PRIMARY KEY (loan, number)
);
CREATE TRIGGER loan_instalment_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_instalment
    EXECUTE FUNCTION refuse_change();

-- She has signed that instalments may be kept from her income: without that nothing is approved, nor kept.
CREATE TABLE loan_mandate (
    loan      bigint PRIMARY KEY REFERENCES loan,
    signed_on date   NOT NULL,
    reference text   NOT NULL,
    by        text   NOT NULL
);
CREATE TRIGGER loan_mandate_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_mandate
    EXECUTE FUNCTION refuse_change();

-- The reference to the mandate is the constraint: nothing is disbursed, and so nothing kept back, without one.
CREATE TABLE loan_disbursement (
    loan         bigint PRIMARY KEY REFERENCES loan_mandate,
    disbursed_on date   NOT NULL,
    reference    text   NOT NULL
);
CREATE TRIGGER loan_disbursement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_disbursement
    EXECUTE FUNCTION refuse_change();

-- What she paid her lender herself. No receipt counts twice.
CREATE TABLE loan_repayment (
    no           bigint PRIMARY KEY DEFAULT nextval('fact'),
    repayment_id uuid   NOT NULL UNIQUE,
    loan         bigint NOT NULL REFERENCES loan_disbursement,
    principal    bigint NOT NULL CHECK (principal >= 0),
    service      bigint NOT NULL CHECK (service >= 0),
    paid_on      date   NOT NULL,
    reference    text   NOT NULL,
    UNIQUE (loan, reference),
    CHECK (principal + service > 0)
);
CREATE TRIGGER loan_repayment_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_repayment
    EXECUTE FUNCTION refuse_change();

-- What a batch keeps back of a maker's line. It is posted when the batch is sent, once, whatever becomes of the line.
CREATE TABLE payout_loan (
    payout    bigint NOT NULL REFERENCES payout,
    maker_id  uuid   NOT NULL,
    loan      bigint NOT NULL REFERENCES loan_disbursement,
    principal bigint NOT NULL CHECK (principal >= 0),
    service   bigint NOT NULL CHECK (service >= 0),
    lender    text   NOT NULL,
    PRIMARY KEY (payout, maker_id),
    FOREIGN KEY (payout, maker_id) REFERENCES payout_line,
    CHECK (principal + service > 0)
);
CREATE INDEX payout_loan_of_loan ON payout_loan (loan);
CREATE TRIGGER payout_loan_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_loan
    EXECUTE FUNCTION refuse_change();

-- What has come back of a loan (`posted`), and what a batch that is not sent yet keeps back. A cancelled one does not.
CREATE VIEW loan_payment AS
SELECT no, loan, principal, service, paid_on AS day, true AS posted, reference, NULL::uuid AS payout_id
FROM loan_repayment
UNION ALL
SELECT p.no, k.loan, k.principal, k.service, coalesce((sent.at AT TIME ZONE 'Asia/Jakarta')::date, p.day),
       sent.fact IS NOT NULL, NULL, p.payout_id
FROM payout_loan k
JOIN payout p ON p.no = k.payout
LEFT JOIN settlement_step sent ON sent.fact = p.no AND sent.state = 'sent'
WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = p.no AND state = 'cancelled');

-- A month at whose end something was due and not paid: found once. Nothing is ever added to it.
CREATE TABLE loan_arrears (
    loan   bigint NOT NULL REFERENCES loan_disbursement,
    amount bigint NOT NULL CHECK (amount > 0),
    month  date   NOT NULL CHECK (extract(day FROM month) = 1),
    PRIMARY KEY (loan, month)
);
CREATE TRIGGER loan_arrears_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_arrears
    EXECUTE FUNCTION refuse_change();

-- A loan with all that is recorded once: the rest is read from what came back of it, and from the ledger.
CREATE VIEW loan_head AS
SELECT l.*, d.disbursed_on, m.reference, m.signed_on, m.by
FROM loan l
LEFT JOIN loan_mandate m ON m.loan = l.no
LEFT JOIN loan_disbursement d ON d.loan = l.no;
