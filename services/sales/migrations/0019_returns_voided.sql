-- Returns that were taken back with their receipt: the buyer has these pieces, as before.
-- `quantity` is 0 when the sale itself had been taken back: then the pieces are back all the same.
CREATE TABLE return_void (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    returned    bigint      NOT NULL UNIQUE,
    sale        bigint      NOT NULL,
    receipt     bigint      NOT NULL,
    voided_at   timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    net         bigint      NOT NULL CHECK (net >= 0),
    quantity    int         NOT NULL CHECK (quantity >= 0),
    outlet      text        NOT NULL,
    sku         text        NOT NULL,
    taken       int[]       NOT NULL
);
CREATE INDEX return_void_of_sale ON return_void (sale);
CREATE INDEX return_void_of_sku ON return_void (sku, voided_at);
CREATE TRIGGER return_void_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON return_void
    EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE VIEW stock_movement AS
    SELECT no AS cause, sold_at AS occurred_at, recorded_at, -quantity AS delta, 'sold' AS kind, outlet, sku FROM sale
    UNION ALL
    SELECT no, returned_at, recorded_at, quantity, 'returned', outlet, sku FROM returned
    UNION ALL
    SELECT no, coalesce(back_at, voided_at), recorded_at, quantity, 'voided', outlet, sku
    FROM sale_void WHERE quantity > 0
    UNION ALL
    SELECT no, voided_at, recorded_at, -quantity, 'return-voided', outlet, sku
    FROM return_void WHERE quantity > 0
    UNION ALL
    SELECT cause, occurred_at, recorded_at, delta, kind, outlet, sku FROM goods_movement;

-- What a void took of each run of a sale, when pieces of it were sold again; else pieces come back the first run first,
-- and that is NULL.
CREATE FUNCTION rest_after_returns(the_sale bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(p.units - coalesce((
        SELECT sum(r.taken[p.run + 1]) FROM returned r
        WHERE r.sale = p.sale AND NOT EXISTS (SELECT FROM return_void u WHERE u.returned = r.no AND u.quantity > 0)
    ), 0) ORDER BY p.run)
    FROM sale_split p
    WHERE p.sale = the_sale AND EXISTS (SELECT FROM return_void u WHERE u.sale = the_sale AND u.quantity > 0)
$$;

-- Lines that were taken back, by the number of who told of it: of the line itself, or of its receipt's void.
CREATE VIEW told_void AS
    SELECT sale AS told, outlet, sku, voided_at FROM sale_void
    UNION ALL
    SELECT receipt, outlet, sku, voided_at FROM sale_void WHERE receipt IS NOT NULL
    UNION ALL
    SELECT returned, outlet, sku, voided_at FROM return_void
    UNION ALL
    SELECT receipt, outlet, sku, voided_at FROM return_void;
CREATE INDEX sale_void_of_receipt ON sale_void (receipt) WHERE receipt IS NOT NULL;
CREATE INDEX return_void_of_receipt ON return_void (receipt);
