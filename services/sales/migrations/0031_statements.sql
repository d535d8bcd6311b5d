-- Statements that were given to makers: made up once, and never another figure on them.

-- A statement is about the entries of her account numbered above `after`, up to `position`: whatever numbers were out
-- when it was made had been committed. The next one begins where this one ends, so no entry is on none or on two.
CREATE TABLE statement (
    no           bigint      PRIMARY KEY DEFAULT nextval('fact'),
    statement_id uuid        NOT NULL UNIQUE,
    maker_id     uuid        NOT NULL REFERENCES maker,
    after        bigint      NOT NULL,
    position     bigint      NOT NULL CHECK (position > after),
    opening      bigint      NOT NULL,
    closing      bigint      NOT NULL,
    published_at timestamptz NOT NULL,
    month        date        NOT NULL CHECK (extract(day FROM month) = 1),
    lines        int         NOT NULL CHECK (lines > 0),
    UNIQUE (maker_id, after)
);
CREATE TRIGGER statement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement
    EXECUTE FUNCTION refuse_change();
