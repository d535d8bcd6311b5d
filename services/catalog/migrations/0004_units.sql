-- The numbers in the serials of pieces. What a refused request has taken is not given again.
CREATE SEQUENCE unit_number AS bigint;

-- One piece of a product: its serial is the EAN-13 on its label.
CREATE TABLE unit (
    serial      text        PRIMARY KEY CHECK (serial ~ '^29[0-9]{11}$'),
    sku         text        NOT NULL REFERENCES product,
    labelled_at timestamptz NOT NULL,
    labelled_by text        NOT NULL
);
CREATE INDEX unit_of_product ON unit (sku, serial);
