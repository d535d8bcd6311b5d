-- The last number given out for each craft's own SKUs.
CREATE TABLE sku_counter (
    craft text PRIMARY KEY,
    last  int  NOT NULL CHECK (last > 0)
);

CREATE TABLE product (
    sku           text        PRIMARY KEY,
    submission_id uuid        NOT NULL UNIQUE REFERENCES submission,
    title         text        NOT NULL,
    craft         text        NOT NULL CHECK (craft <> 'business'),
    technique     text        NOT NULL,
    material      text        NOT NULL,
    approved_at   timestamptz NOT NULL
);
CREATE INDEX product_of_craft ON product (craft, sku);

-- Never changed: a price holds from `valid_from` until the next one.
CREATE TABLE price (
    sku        text        NOT NULL REFERENCES product,
    valid_from timestamptz NOT NULL,
    price      bigint      NOT NULL CHECK (price >= 0),
    set_at     timestamptz NOT NULL,
    set_by     text        NOT NULL,
    PRIMARY KEY (sku, valid_from)
);

-- A submission and a product as they are shown: with makers, reviews and prices.
CREATE VIEW whole_submission AS
SELECT s.*,
       p.sku,
       (SELECT jsonb_agg(jsonb_build_object('maker_id', m.maker_id, 'weight', m.weight) ORDER BY m.position)
        FROM submission_maker m WHERE m.submission_id = s.submission_id) AS makers,
       (SELECT sum(r.score) / count(*)
        FROM review r WHERE r.submission_id = s.submission_id) AS score,
       (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.reviewed_at, r.juror), '[]')
        FROM review r WHERE r.submission_id = s.submission_id) AS reviews
FROM submission s
LEFT JOIN product p USING (submission_id);

CREATE VIEW whole_product AS
SELECT p.*,
       (SELECT jsonb_agg(jsonb_build_object('maker_id', m.maker_id, 'weight', m.weight) ORDER BY m.position)
        FROM submission_maker m WHERE m.submission_id = p.submission_id) AS makers,
       (SELECT jsonb_agg(jsonb_build_object('price', c.price, 'valid_from', c.valid_from) ORDER BY c.valid_from)
        FROM price c WHERE c.sku = p.sku) AS prices
FROM product p;
