-- What a consumer compares with its producers: how far it has come, what came of it, and what was missing.

CREATE TABLE comparing (
    one         boolean     PRIMARY KEY DEFAULT true CHECK (one),
    types       text[]      NOT NULL,
    -- Since when exactly these types are listened to: what was sent before is not owed.
    since       timestamptz NOT NULL,
    asked_at    timestamptz NOT NULL,
    sound_until timestamptz NOT NULL,
    deep_at     timestamptz NOT NULL
);
INSERT INTO comparing (types, since, asked_at, sound_until, deep_at) VALUES ('{}', now(), '-infinity', now(), now());

CREATE TABLE compared (
    producer text        PRIMARY KEY,
    at       timestamptz NOT NULL,
    since    timestamptz NOT NULL,
    until    timestamptz NOT NULL,
    events   bigint      NOT NULL,
    missing  bigint      NOT NULL,
    -- Of all that was ever missing.
    arrived  bigint      NOT NULL DEFAULT 0
);

-- Events that only one side knows. `next_at`: when the producer is asked to send it again; without a producer it is one
-- that was taken here and that no producer has in its log.
CREATE TABLE difference (
    id       uuid        PRIMARY KEY,
    day      date        NOT NULL,
    producer text,
    found_at timestamptz NOT NULL,
    tries    int         NOT NULL DEFAULT 0,
    next_at  timestamptz,
    CHECK ((producer IS NULL) = (next_at IS NULL))
);
CREATE INDEX difference_due ON difference (next_at);
