-- A message about to be kept in the inbox, as one value: a batch is one array of these, half the work of four.
CREATE TYPE seen AS (day date, id uuid, digest bytea, arrival bigint);
