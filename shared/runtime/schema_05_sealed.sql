-- An event about to be logged, as one value: a batch is one array of these, for the log and the outbox in one statement.
CREATE TYPE sealed AS (day date, id uuid, type text, subject text, envelope text);
