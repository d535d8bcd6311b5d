-- The lowest price that a promotion may lead to, if there is one.
ALTER TABLE price
    ADD COLUMN floor bigint CHECK (floor BETWEEN 0 AND price);

CREATE OR REPLACE VIEW whole_product AS
SELECT p.*,
       (SELECT jsonb_agg(jsonb_build_object('maker_id', m.maker_id, 'weight', m.weight) ORDER BY m.position)
        FROM submission_maker m WHERE m.submission_id = p.submission_id) AS makers,
       (SELECT jsonb_agg(jsonb_build_object('price', c.price, 'valid_from', c.valid_from, 'floor', c.floor)
                         ORDER BY c.valid_from)
        FROM price c WHERE c.sku = p.sku) AS prices
FROM product p;

-- Holds from `valid_from` until before `valid_to`, or before `ends_at` when it was made to end earlier; nothing else of
-- it ever changes. Who pays: everyone (no shares), or these shares of what is taken off. Empty lists: all of them.
CREATE TABLE promotion (
    promo_id      text        PRIMARY KEY,
    seq           bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    title         text        NOT NULL,
    discount_bps  int         NOT NULL CHECK (discount_bps BETWEEN 1 AND 9000),
    outlet_bps    int         CHECK (outlet_bps >= 0),
    programme_bps int         CHECK (programme_bps >= 0),
    makers_bps    int         CHECK (makers_bps >= 0),
    skus          text[]      NOT NULL,
    crafts        text[]      NOT NULL,
    outlets       text[]      NOT NULL,
    valid_from    timestamptz NOT NULL,
    valid_to      timestamptz NOT NULL,
    ends_at       timestamptz,
    scheduled_at  timestamptz NOT NULL,
    scheduled_by  text        NOT NULL,
    ended_at      timestamptz,
    ended_by      text,
    CHECK (valid_from < valid_to),
    CHECK (ends_at < valid_to),
    CHECK (num_nulls(outlet_bps, programme_bps, makers_bps) IN (0, 3)),
    CHECK (outlet_bps + programme_bps + makers_bps = 10000),
    CHECK (num_nulls(ends_at, ended_at, ended_by) IN (0, 3))
);
