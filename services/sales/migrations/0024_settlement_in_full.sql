-- From the outlet's remittance to the cooperative and the lender: what was agreed, what came in, and the accounts.

-- `hold_days` after its sale a piece may be paid out, when the outlet has remitted what it owes of it; where the
-- programme `advances`, also before. Outlets remit for each period, at the latest `grace_days` after its end. Whatever
-- was agreed before this was known was paid at once.
ALTER TABLE agreement
    ADD COLUMN hold_days  int     NOT NULL DEFAULT 0 CHECK (hold_days BETWEEN 0 AND 365),
    ADD COLUMN advances   boolean NOT NULL DEFAULT true,
    ADD COLUMN remits     text    NOT NULL DEFAULT 'monthly' CHECK (remits IN ('weekly', 'half-monthly', 'monthly')),
    ADD COLUMN grace_days int     NOT NULL DEFAULT 7 CHECK (grace_days BETWEEN 0 AND 365);

ALTER TABLE account DROP CONSTRAINT account_kind_check;
ALTER TABLE account ADD CONSTRAINT account_kind_check CHECK (kind IN (
    'bank', 'outlet-receivable', 'outlet-commission', 'programme-share', 'maker-payable', 'cooperative-payable',
    'loan-receivable', 'loan-capital', 'written-off'));
ALTER TABLE transfer DROP CONSTRAINT ledger_kind_check;
ALTER TABLE transfer ADD CONSTRAINT transfer_kind_check CHECK (kind IN (
    'sale', 'return', 'void', 'remittance', 'commission', 'payout', 'bank', 'loan', 'repayment', 'service-fee',
    'write-off'));

-- Money that an outlet has sent, for its sales up to the business day `through`.
CREATE TABLE remittance (
    no            bigint PRIMARY KEY DEFAULT nextval('fact'),
    remittance_id uuid   NOT NULL UNIQUE,
    amount        bigint NOT NULL CHECK (amount > 0),
    received_on   date   NOT NULL,
    through       date   NOT NULL,
    outlet        text   NOT NULL REFERENCES outlet,
    reference     text   NOT NULL
);
CREATE INDEX remittance_of_outlet ON remittance (outlet, no);
CREATE TRIGGER remittance_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON remittance
    EXECUTE FUNCTION refuse_change();

-- Sales, returns and voids whose `due`, what the outlet owes for them less its commission, is settled by a remittance.
CREATE TABLE remitted (
    cause      bigint PRIMARY KEY,
    due        bigint NOT NULL,
    remittance bigint NOT NULL REFERENCES remittance
);
CREATE INDEX remitted_by ON remitted (remittance);
