-- Consignment: deliveries and the stock that they, the sales and the returns leave at each outlet.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

-- One row of numbers for all that moves goods or money: `cause` in a movement or a transfer is such a number.
-- `recorded_at` is always the time of the transaction, the same for a fact and all that it moved; when it happened
-- is what the fact says itself.
CREATE SEQUENCE fact AS bigint;

CREATE TABLE delivery_note (
    year int PRIMARY KEY,
    last int NOT NULL CHECK (last BETWEEN 1 AND 99999)
);

CREATE TABLE delivery (
    no            bigint      PRIMARY KEY DEFAULT nextval('fact'),
    delivery_id   uuid        NOT NULL UNIQUE,
    note_number   text        NOT NULL UNIQUE,
    outlet        text        NOT NULL REFERENCES outlet,
    note          text,
    dispatched_at timestamptz NOT NULL,
    received_at   timestamptz
);
CREATE INDEX delivery_in_transit ON delivery (outlet) WHERE received_at IS NULL;

-- What was sent and neither received nor damaged is missing; both stay here for the claim.
CREATE TABLE delivery_line (
    delivery bigint   NOT NULL REFERENCES delivery,
    position smallint NOT NULL,
    sku      text     NOT NULL REFERENCES product,
    sent     int      NOT NULL CHECK (sent > 0),
    received int      CHECK (received >= 0),
    damaged  int      CHECK (damaged >= 0),
    PRIMARY KEY (delivery, position),
    UNIQUE (delivery, sku),
    CHECK ((received IS NULL) = (damaged IS NULL)),
    CHECK (received + damaged <= sent)
);

-- No foreign keys here and below: a check for each row would cost more than the rest of a sale. Everything that
-- these rows name was read from its own append-only table in the same transaction.
CREATE TABLE stock_movement (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cause       bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    delta       int         NOT NULL CHECK (delta <> 0),
    kind        text        NOT NULL CHECK (kind IN ('received', 'sold', 'returned')),
    outlet      text        NOT NULL,
    sku         text        NOT NULL
);
CREATE TRIGGER stock_movement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement
    EXECUTE FUNCTION refuse_change();

-- The sum of the movements, kept in their transaction. Below 0 it says how much more was sold than received.
CREATE TABLE stock (
    outlet  text   NOT NULL,
    sku     text   NOT NULL,
    balance bigint NOT NULL,
    PRIMARY KEY (outlet, sku)
) WITH (fillfactor = 50);
