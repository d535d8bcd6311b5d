-- Where a piece that is sold would be without that sale, as far as that is known.
ALTER TABLE unit
    ADD COLUMN was_state  text,
    ADD COLUMN was_outlet text,
    ADD COLUMN was_cause  bigint,
    ADD CHECK (state = 'sold' OR was_state IS NULL);
