-- What the tills reported, how each piece was split, and the ledger.

-- `no` and receipt numbers grow, so that new index entries lie side by side; `sale_id` is made from the natural
-- key and has no index, which at ten million rows would cost more than the table.
CREATE TABLE sale (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    sale_id     uuid        NOT NULL,
    report_id   uuid        NOT NULL,
    sold_at     timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    voided_at   timestamptz,
    unit_price  bigint      NOT NULL CHECK (unit_price >= 0),
    discount    bigint      NOT NULL CHECK (discount BETWEEN 0 AND quantity * unit_price),
    till_seq    bigint,
    quantity    int         NOT NULL CHECK (quantity > 0),
    line        int         NOT NULL,
    day         date        NOT NULL,
    agreed_from date        NOT NULL,
    outlet      text        NOT NULL,
    till        text        NOT NULL,
    receipt     text        NOT NULL,
    sku         text        NOT NULL,
    serial      text,
    promo_id    text,
    UNIQUE (receipt, line, outlet, till)
);
CREATE INDEX sale_of_sku ON sale (sku, no);

-- Equal pieces of a sale and what each of them gave to whom, in rupiah. Only `returned` ever changes.
CREATE TABLE sale_split (
    sale      bigint   NOT NULL,
    net       bigint   NOT NULL CHECK (net >= 0),
    outlet    bigint   NOT NULL CHECK (outlet >= 0),
    programme bigint   NOT NULL CHECK (programme >= 0),
    run       smallint NOT NULL,
    units     int      NOT NULL CHECK (units > 0),
    returned  int      NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND units),
    accounts  int[]    NOT NULL,
    shares    bigint[] NOT NULL CHECK (cardinality(shares) = cardinality(accounts)),
    PRIMARY KEY (sale, run)
);

CREATE TABLE returned (
    no               bigint      PRIMARY KEY DEFAULT nextval('fact'),
    return_id        uuid        NOT NULL,
    report_id        uuid        NOT NULL,
    sale             bigint      NOT NULL,
    returned_at      timestamptz NOT NULL,
    recorded_at      timestamptz NOT NULL DEFAULT now(),
    net              bigint      NOT NULL CHECK (net >= 0),
    quantity         int         NOT NULL CHECK (quantity > 0),
    line             int         NOT NULL,
    original_line    int         NOT NULL,
    outlet           text        NOT NULL,
    till             text        NOT NULL,
    receipt          text        NOT NULL,
    original_receipt text        NOT NULL,
    sku              text        NOT NULL,
    serial           text,
    reason           text,
    UNIQUE (receipt, line, outlet, till)
);
CREATE TRIGGER returned_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON returned
    EXECUTE FUNCTION refuse_change();

-- Double entry by construction: every row takes from one account what it gives to the other.
CREATE TABLE transfer (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause       bigint      NOT NULL,
    amount      bigint      NOT NULL CHECK (amount > 0),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    debit       int         NOT NULL,
    credit      int         NOT NULL,
    day         date        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('sale', 'return')),
    CHECK (debit <> credit)
);
CREATE INDEX transfer_of_debit ON transfer (debit, id);
CREATE INDEX transfer_of_credit ON transfer (credit, id);
CREATE TRIGGER transfer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
    EXECUTE FUNCTION refuse_change();
