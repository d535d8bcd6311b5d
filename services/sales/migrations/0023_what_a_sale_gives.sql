-- Splits and transfers about to be written down, as values: a batch is one array of these in one statement.
CREATE TYPE new_split AS (
    sale bigint, net bigint, outlet bigint, programme bigint, run smallint, units int, accounts int[], shares bigint[]
);
CREATE TYPE new_transfer AS (cause bigint, kind text, debit int, credit int, amount bigint, day date);
