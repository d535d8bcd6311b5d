-- Months of the books that are closed, and on which day each entry is booked: what comes late is booked into what is open.

-- The first day that is open. Whoever closes a month moves it while nobody posts.
CREATE TABLE open_since (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    day  date    NOT NULL CHECK (NOT isfinite(day) OR extract(day FROM day) = 1)
);
INSERT INTO open_since (day) VALUES ('-infinity');

-- `day` stays the business day. What is there was booked on it: the ledger is written once anew, and no row is touched
-- twice, as an UPDATE would. A generated column is filled by that; afterwards whoever posts says when it is booked.
ALTER TABLE transfer ADD COLUMN booked date NOT NULL GENERATED ALWAYS AS (day) STORED;
ALTER TABLE transfer ALTER COLUMN booked DROP EXPRESSION;
ALTER TABLE transfer ADD CONSTRAINT transfer_booked_check CHECK (booked >= day);

-- A late entry is in this index, others are not: the road of a till's report writes nothing more.
CREATE INDEX transfer_adjusted ON transfer (booked, id) WHERE booked > day;

-- Who does not say it (a replica of the version before) books by the same rule. Otherwise the function is not called.
CREATE FUNCTION book_on_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.booked := greatest(NEW.day, (SELECT day FROM open_since));
    RETURN NEW;
END $$;
CREATE TRIGGER transfer_is_booked BEFORE INSERT ON transfer
    FOR EACH ROW WHEN (NEW.booked IS NULL) EXECUTE FUNCTION book_on_open_day();

-- A month that somebody wants closed. Who agreed and how far it has come is told as of a batch: by its number.
CREATE TABLE period (
    no    bigint PRIMARY KEY DEFAULT nextval('fact'),
    month date   NOT NULL UNIQUE CHECK (extract(day FROM month) = 1)
);
CREATE TRIGGER period_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON period EXECUTE FUNCTION refuse_change();

-- What each account came to when the month was closed, in rupiah, debit less credit: nothing is booked into it any more.
CREATE TABLE closing_figure (
    period  bigint NOT NULL REFERENCES period,
    account int    NOT NULL REFERENCES account,
    opening bigint NOT NULL,
    debit   bigint NOT NULL CHECK (debit >= 0),
    credit  bigint NOT NULL CHECK (credit >= 0),
    closing bigint NOT NULL GENERATED ALWAYS AS (opening + debit - credit) STORED,
    PRIMARY KEY (period, account)
);
CREATE TRIGGER closing_figure_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON closing_figure
    EXECUTE FUNCTION refuse_change();
