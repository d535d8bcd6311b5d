-- A notice about to be written down, as one value: a batch is one array of these, half the work of an array for each column.
CREATE TYPE new_notice AS (notice_id uuid, maker_id uuid, template text, params text, created_at timestamptz);
