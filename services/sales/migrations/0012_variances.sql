-- What was sold at another price than the list's, also where a promotion bears all of the difference.
DROP INDEX sale_with_remarks;
CREATE INDEX sale_at_other_price ON sale (no) WHERE remarks <> '{}' OR promo_cost > 0;
