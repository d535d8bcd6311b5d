-- What the catalog tells of promotions and floor prices, and what decides whether a promotion is for a product.

-- Not told of products that were approved before this.
ALTER TABLE product
    ADD COLUMN craft text;

-- The lowest price that a promotion may lead to, if there is one.
ALTER TABLE product_price
    ADD COLUMN floor bigint CHECK (floor BETWEEN 0 AND price);

-- Holds from `valid_from` until before `valid_to`, or before `ends_at` when that is earlier. Who pays: everyone (no
-- shares), or these shares of what is taken off. Empty lists: all of them. Only `ends_at` ever changes.
CREATE TABLE promotion (
    promo_id         text        PRIMARY KEY,
    discount_bps     int         NOT NULL CHECK (discount_bps BETWEEN 1 AND 9000),
    funded_outlet    int         CHECK (funded_outlet >= 0),
    funded_programme int         CHECK (funded_programme >= 0),
    funded_makers    int         CHECK (funded_makers >= 0),
    skus             text[]      NOT NULL,
    crafts           text[]      NOT NULL,
    outlets          text[]      NOT NULL,
    valid_from       timestamptz NOT NULL,
    valid_to         timestamptz NOT NULL,
    ends_at          timestamptz,
    CHECK (valid_from < valid_to),
    CHECK (num_nulls(funded_outlet, funded_programme, funded_makers) IN (0, 3)),
    CHECK (funded_outlet + funded_programme + funded_makers = 10000)
);
