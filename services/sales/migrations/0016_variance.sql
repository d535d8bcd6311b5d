-- Lines at another price than the list's, as far as buyers have kept them: of what came back nobody bears anything.
-- A promotion's part of a piece is the same for all pieces of a line, unless it is all that is missing.
CREATE VIEW variance AS
SELECT s.no, s.sale_id, s.outlet, s.till, s.receipt, s.line, s.sku, s.quantity, s.quantity - kept.pieces AS returned,
       s.list_price, s.unit_price, s.discount, s.promo_id, s.day, s.sold_at, kept.*,
       s.remarks || CASE WHEN s.promo_cost > 0 THEN ARRAY['promo_given'] ELSE '{}' END AS remarks
FROM sale s
CROSS JOIN LATERAL (
    SELECT sum(one.units)::int AS pieces, sum(one.units * p.net)::bigint AS net,
           sum(one.units * (p.net - s.list_price))::bigint AS difference,
           sum(one.units * one.promo)::bigint AS promo_cost,
           sum(one.units * (one.missing - one.promo))::bigint AS outlet_bears
    FROM sale_split p
    CROSS JOIN LATERAL (SELECT p.units - p.taken_back AS units, greatest(s.list_price - p.net, 0) AS missing) part
    CROSS JOIN LATERAL (
        SELECT part.units, part.missing,
               CASE WHEN s.outlet_bears = 0 THEN part.missing ELSE s.promo_cost / s.quantity END AS promo
    ) one
    WHERE p.sale = s.no
) kept
WHERE (s.remarks <> '{}' OR s.promo_cost > 0) AND s.list_price IS NOT NULL AND kept.pieces > 0;
