-- What the catalog offers no longer, or again: the latest that was said, in whatever order it came. Not in it: offered.
CREATE TABLE product_offer (
    sku     text        PRIMARY KEY REFERENCES product,
    offered boolean     NOT NULL,
    at      timestamptz NOT NULL
);
