-- A line of a payout lists what it pays: entries of its maker's account, each of them in one line at most.

-- The services may be running: nobody freezes, pays or cancels a batch meanwhile.
LOCK TABLE payout, payout_line, payout_open IN ACCESS EXCLUSIVE MODE;

-- An entry of an account is a sale, or what takes pieces back, by its number. What is `earned` makes up the line's
-- gross; the others took back what another line had paid, and count in the debt. Items of a cancelled batch are given
-- back; nothing else is ever changed.
CREATE TABLE payout_item (
    cause   bigint  NOT NULL,
    payout  bigint  NOT NULL REFERENCES payout,
    amount  bigint  NOT NULL CHECK (amount <> 0),
    account int     NOT NULL,
    earned  boolean NOT NULL,
    PRIMARY KEY (account, cause)
);
CREATE INDEX payout_item_of_line ON payout_item (payout, account);

-- Until now a line settled whatever was sold on its days and was in the ledger up to its batch's position. Of several
-- such lines it was the first.
INSERT INTO payout_item (cause, payout, amount, account, earned)
WITH paying AS (
    SELECT p.no AS payout, p.position, l.days, m.account
    FROM payout_line l
    JOIN payout p ON p.no = l.payout
    JOIN maker m USING (maker_id)
    WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = p.no AND state = 'cancelled')
), side AS (
    SELECT credit AS account, cause, id, kind, amount FROM transfer
    UNION ALL
    SELECT debit, cause, id, kind, -amount FROM transfer
), entry AS (
    SELECT account, cause, max(id) AS id, sum(amount)::bigint AS amount
    FROM side
    WHERE kind IN ('sale', 'return', 'void') AND account IN (SELECT account FROM paying)
    GROUP BY account, cause
), of_sale AS (
    SELECT e.account, e.cause, e.id, e.amount, s.no AS sale, s.day AS sold_on, u.no IS NOT NULL AS again
    FROM entry e
    LEFT JOIN returned r ON r.no = e.cause
    LEFT JOIN sale_void v ON v.no = e.cause
    LEFT JOIN return_void u ON u.no = e.cause
    JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, e.cause)
), placed AS (
    SELECT DISTINCT ON (o.account, o.cause) o.*, p.payout
    FROM of_sale o
    JOIN paying p ON p.account = o.account AND o.id <= p.position AND p.days @> o.sold_on
    ORDER BY o.account, o.cause, p.position
)
SELECT cause, payout, amount, account,
       bool_or(cause = sale) OVER each OR bool_or(again) OVER each AND sum(amount) OVER each > 0
FROM placed
WHERE amount <> 0
WINDOW each AS (PARTITION BY account, sale, payout);

CREATE FUNCTION refuse_to_lose_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone
        WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = gone.payout AND state = 'cancelled')
    ) THEN
        RAISE EXCEPTION 'payout_item is append-only as long as its batch is not cancelled';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payout_item_is_kept AFTER DELETE ON payout_item
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_lose_items();
CREATE TRIGGER payout_item_is_append_only BEFORE UPDATE OR TRUNCATE ON payout_item
    EXECUTE FUNCTION refuse_change();

DROP TABLE payout_open;
ALTER TABLE payout DROP COLUMN position;

-- Of `gross`, so much is of sales that the outlet has remitted: a loan is repaid out of these alone. Nobody has a line
-- for nothing.
ALTER TABLE payout_line DROP COLUMN days, DROP COLUMN amount;
ALTER TABLE payout_line
    ADD COLUMN remitted bigint NOT NULL DEFAULT 0 CHECK (remitted >= 0),
    ADD COLUMN loan     bigint NOT NULL DEFAULT 0 CHECK (loan >= 0),
    ADD CHECK (loan <= remitted);
ALTER TABLE payout_line
    ADD COLUMN amount bigint NOT NULL GENERATED ALWAYS AS (gross - recovery - loan) STORED CHECK (amount > 0);
