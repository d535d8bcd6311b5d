-- When the pieces were there again: with the till's void, but of a sale that never was they never left. NULL: at `voided_at`.
ALTER TABLE sale_void ADD COLUMN back_at timestamptz;
CREATE OR REPLACE VIEW stock_movement AS
    SELECT no AS cause, sold_at AS occurred_at, recorded_at, -quantity AS delta, 'sold' AS kind, outlet, sku FROM sale
    UNION ALL
    SELECT no, returned_at, recorded_at, quantity, 'returned', outlet, sku FROM returned
    UNION ALL
    SELECT no, coalesce(back_at, voided_at), recorded_at, quantity, 'voided', outlet, sku
    FROM sale_void WHERE quantity > 0
    UNION ALL
    SELECT cause, occurred_at, recorded_at, delta, kind, outlet, sku FROM goods_movement;
