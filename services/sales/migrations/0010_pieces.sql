-- Which sales a piece had: a return may name the piece alone, and be told of before or after its other sales.
CREATE INDEX sale_of_piece ON sale (serial) WHERE serial IS NOT NULL;
