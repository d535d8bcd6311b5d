-- Facts that take facts back, pieces that have a name, and what was heard of each till.

-- Stock: a sale, a void and a return are their own movements. What no till told is kept in a table.
DROP TRIGGER stock_movement_is_append_only ON stock_movement;
DELETE FROM stock_movement WHERE kind IN ('sold', 'returned');
ALTER TABLE stock_movement RENAME TO goods_movement;
CREATE INDEX goods_movement_of_shelf ON goods_movement (outlet, sku);
CREATE TRIGGER goods_movement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON goods_movement
    EXECUTE FUNCTION refuse_change();

-- `version`: a line of a receipt is recorded once; again only when a person said that the recorded one was wrong.
-- `list_price`: of one piece at the moment of sale. `promo_cost`: what a promotion took off the line, whoever pays
-- for it; `outlet_bears`: what the line was sold for less without one. `remarks`: what a person may want to look at.
ALTER TABLE sale
    DROP COLUMN voided_at,
    DROP CONSTRAINT sale_receipt_line_outlet_till_key,
    ADD COLUMN version      smallint NOT NULL DEFAULT 0,
    ADD COLUMN list_price   bigint   CHECK (list_price >= 0),
    ADD COLUMN promo_cost   bigint   NOT NULL DEFAULT 0 CHECK (promo_cost >= 0),
    ADD COLUMN outlet_bears bigint   NOT NULL DEFAULT 0 CHECK (outlet_bears >= 0),
    ADD COLUMN exchange     text,
    ADD COLUMN remarks      text[]   NOT NULL DEFAULT '{}',
    ADD UNIQUE (receipt, line, outlet, till, version);

-- A sale about to be recorded, as one value: a batch is one array of these, half the work of an array for each column.
CREATE TYPE new_sale AS (
    sale_id      uuid,
    report_id    uuid,
    sold_at      timestamptz,
    unit_price   bigint,
    discount     bigint,
    list_price   bigint,
    promo_cost   bigint,
    outlet_bears bigint,
    till_seq     bigint,
    quantity     int,
    line         int,
    day          date,
    agreed_from  date,
    version      smallint,
    outlet       text,
    till         text,
    receipt      text,
    sku          text,
    serial       text,
    promo_id     text,
    exchange     text,
    remarks      text[]
);

DROP INDEX sale_of_sku;
CREATE INDEX sale_of_sku ON sale (sku, sold_at);
CREATE INDEX sale_with_remarks ON sale (no) WHERE remarks <> '{}';
CREATE INDEX sale_in_exchange ON sale (outlet, till, exchange) WHERE exchange IS NOT NULL;
CREATE TRIGGER sale_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sale EXECUTE FUNCTION refuse_change();

-- Pieces may be taken back by a return, by a void or by a correction. An outlet's share of a piece that was sold
-- for too little is below 0, and so may be the programme's when it pays for a promotion; a maker's never is.
ALTER TABLE sale_split RENAME COLUMN returned TO taken_back;
ALTER TABLE sale_split
    DROP CONSTRAINT sale_split_outlet_check,
    DROP CONSTRAINT sale_split_programme_check,
    ADD CHECK (0 <= ALL (shares));

ALTER TABLE returned
    ADD COLUMN till_seq        bigint,
    ADD COLUMN original_outlet text,
    ADD COLUMN original_till   text,
    ADD COLUMN exchange        text;
ALTER TABLE returned ALTER COLUMN original_line DROP NOT NULL, ALTER COLUMN original_receipt DROP NOT NULL;
CREATE INDEX returned_of_sku ON returned (sku, returned_at);
CREATE INDEX returned_of_sale ON returned (sale);
CREATE INDEX returned_in_exchange ON returned (outlet, till, exchange) WHERE exchange IS NOT NULL;

-- A receipt that its till took back: all lines of it that were sold until then, also those that are told of later.
CREATE TABLE receipt_void (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    report_id   uuid        NOT NULL,
    voided_at   timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    till_seq    bigint,
    outlet      text        NOT NULL,
    till        text        NOT NULL,
    receipt     text        NOT NULL,
    UNIQUE (receipt, outlet, till)
);
CREATE TRIGGER receipt_void_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt_void
    EXECUTE FUNCTION refuse_change();

-- A line that was taken back whole, as far as it had not come back: by its receipt's void, or by a person.
-- `overruled`: another report of the same piece or line was the right one.
CREATE TABLE sale_void (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    sale        bigint      NOT NULL UNIQUE,
    receipt     bigint,
    voided_at   timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    net         bigint      NOT NULL CHECK (net >= 0),
    quantity    int         NOT NULL CHECK (quantity >= 0),
    kind        text        NOT NULL CHECK (kind IN ('receipt', 'person', 'overruled')),
    outlet      text        NOT NULL,
    sku         text        NOT NULL,
    by          text,
    reason      text,
    CHECK ((kind = 'receipt') = (receipt IS NOT NULL))
);
CREATE INDEX sale_void_of_sku ON sale_void (sku, voided_at);
CREATE TRIGGER sale_void_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sale_void
    EXECUTE FUNCTION refuse_change();

ALTER TABLE transfer DROP CONSTRAINT transfer_kind_check;
ALTER TABLE transfer ADD CONSTRAINT transfer_kind_check CHECK (kind IN ('sale', 'return', 'void'));

CREATE VIEW stock_movement AS
    SELECT no AS cause, sold_at AS occurred_at, recorded_at, -quantity AS delta, 'sold' AS kind, outlet, sku FROM sale
    UNION ALL
    SELECT no, returned_at, recorded_at, quantity, 'returned', outlet, sku FROM returned
    UNION ALL
    SELECT no, voided_at, recorded_at, quantity, 'voided', outlet, sku FROM sale_void WHERE quantity > 0
    UNION ALL
    SELECT cause, occurred_at, recorded_at, delta, kind, outlet, sku FROM goods_movement;

-- A piece with a serial: one row, so it is in exactly one place. `cause` is the fact that put it there: when it is
-- sold, the sale.
CREATE TABLE unit (
    serial text        PRIMARY KEY,
    sku    text        NOT NULL,
    state  text        NOT NULL CHECK (state IN ('labelled', 'in-transit', 'at-outlet', 'sold', 'damaged', 'missing',
                                                 'with-maker')),
    outlet text,
    cause  bigint,
    since  timestamptz NOT NULL,
    CHECK (state <> 'sold' OR cause IS NOT NULL)
);
CREATE INDEX unit_of_sku ON unit (sku, state);

-- What each transaction booked of each till, for those who look at tills as a whole. A row lives until it is looked at.
CREATE TYPE heard_fact AS (outlet text, till text, day date, events int, amount bigint, seq bigint, no bigint);
CREATE TABLE heard (
    id       bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outlet   text           NOT NULL,
    till     text           NOT NULL,
    day      date           NOT NULL,
    events   int            NOT NULL,
    total    bigint         NOT NULL,
    seqs     int8multirange NOT NULL,
    first_no bigint         NOT NULL,
    last_no  bigint         NOT NULL,
    at       timestamptz    NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
