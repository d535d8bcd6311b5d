-- What makers sold in a year and which tax that would be: it is told, and never kept back from anybody.

-- From the start of that month on so much of a year's turnover is free; of what is above it `bps` are tax.
CREATE TABLE tax_rule (
    valid_from date   PRIMARY KEY CHECK (extract(day FROM valid_from) = 1),
    free       bigint NOT NULL CHECK (free >= 0),
    bps        int    NOT NULL CHECK (bps BETWEEN 0 AND 10000)
);
INSERT INTO tax_rule (valid_from, free, bps) VALUES ('2022-01-01', 500000000, 50);

-- Who was told that she had sold for more than is free in that year: once.
CREATE TABLE tax_told (
    year     int         NOT NULL,
    maker_id uuid        NOT NULL REFERENCES maker,
    told_at  timestamptz NOT NULL,
    PRIMARY KEY (year, maker_id)
);
CREATE TRIGGER tax_told_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_told
    EXECUTE FUNCTION refuse_change();

-- Pieces that were sold, and below 0 those that were taken back, on their own business day: `net` is what the buyer
-- paid for one of them. A line's price is divided over its pieces as `sale_split` has it, which need not be read: a rupiah
-- that cannot be divided is one of the first pieces'. Which pieces came back is recorded, or follows from how many had
-- come back before.
CREATE VIEW turnover_fact AS
    SELECT s.sku, s.day, s.recorded_at, run.net, run.pieces
    FROM sale s
    CROSS JOIN LATERAL (SELECT s.quantity::bigint * s.unit_price - s.discount AS net) line
    CROSS JOIN LATERAL (VALUES
        (line.net / s.quantity, s.quantity - line.net % s.quantity),
        (line.net / s.quantity + 1, line.net % s.quantity)
    ) run (net, pieces)
    WHERE run.pieces > 0
    UNION ALL
    SELECT b.sku, (b.at AT TIME ZONE 'Asia/Jakarta')::date, b.recorded_at, run.net, b.sign * n
    FROM (
        SELECT no, sale, sku, returned_at AS at, recorded_at, quantity, -1 AS sign, taken::bigint[] AS taken
        FROM returned
        UNION ALL
        SELECT no, sale, sku, voided_at, recorded_at, quantity, -1, rest_after_returns(sale)
        FROM sale_void WHERE quantity > 0
        UNION ALL
        SELECT no, sale, sku, voided_at, recorded_at, quantity, 1, taken::bigint[]
        FROM return_void WHERE quantity > 0
    ) b
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(r.quantity), 0) AS pieces FROM returned r WHERE r.sale = b.sale AND r.no < b.no
    ) before
    CROSS JOIN LATERAL (
        SELECT run, net, units, sum(units) OVER (ORDER BY run) AS until FROM sale_split WHERE sale = b.sale
    ) run
    CROSS JOIN LATERAL coalesce(
        b.taken[run.run + 1],
        greatest(0, least(until, before.pieces + b.quantity) - greatest(until - units, before.pieces))::bigint
    ) n
    WHERE n <> 0;

-- What each maker has of the price of a piece: by her weight, the largest remainders first, ties in the product's order.
CREATE FUNCTION parts_of_price(the_sku text, price bigint) RETURNS TABLE (maker_id uuid, part bigint)
LANGUAGE sql STABLE ROWS 2 AS $$
    WITH share AS (
        SELECT m.maker_id, m.position, price * m.weight AS weighed, sum(m.weight) OVER () AS whole
        FROM product_maker m WHERE m.sku = the_sku
    )
    SELECT maker_id, weighed / whole
           + (row_number() OVER (ORDER BY weighed % whole DESC, position) <= price - sum(weighed / whole) OVER ())::int
    FROM share
$$;
