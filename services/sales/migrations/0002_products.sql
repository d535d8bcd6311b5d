-- What other services told of makers and products, as far as a sale needs it.

CREATE TABLE maker (
    maker_id uuid PRIMARY KEY,
    account  int  NOT NULL UNIQUE REFERENCES account
);

-- `said_at` is the time of the event: of two that speak of the same day the later one counts, in whatever order they come.
CREATE TABLE maker_home (
    maker_id    uuid        NOT NULL REFERENCES maker,
    since       date        NOT NULL,
    rusun       text        NOT NULL,
    cooperative text        NOT NULL,
    said_at     timestamptz NOT NULL,
    PRIMARY KEY (maker_id, since)
);

CREATE TABLE product (
    sku   text PRIMARY KEY,
    title text NOT NULL
);

CREATE TABLE product_maker (
    sku      text     NOT NULL REFERENCES product,
    position smallint NOT NULL,
    maker_id uuid     NOT NULL REFERENCES maker,
    weight   int      NOT NULL CHECK (weight > 0),
    PRIMARY KEY (sku, position)
);

CREATE TABLE product_price (
    sku        text        NOT NULL REFERENCES product,
    valid_from timestamptz NOT NULL,
    price      bigint      NOT NULL CHECK (price >= 0),
    said_at    timestamptz NOT NULL,
    PRIMARY KEY (sku, valid_from)
);
