-- The runtime's own tables, the same in the database of every service.

CREATE TABLE inbox (
    day     date        NOT NULL,
    id      uuid        NOT NULL,
    digest  bytea,
    arrival bigint      NOT NULL DEFAULT 0,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE inbox_other PARTITION OF inbox DEFAULT;

CREATE TABLE answered (
    id     uuid        PRIMARY KEY,
    digest bytea       NOT NULL,
    reply  jsonb,
    at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX answered_at ON answered (at);

CREATE TABLE event_log (
    day         date        NOT NULL,
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    subject     text        NOT NULL,
    envelope    text        NOT NULL CHECK (octet_length(envelope) <= 262144),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);
CREATE TABLE event_log_other PARTITION OF event_log DEFAULT;

-- Pointers only: small rows that die young.
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day date NOT NULL,
    id  uuid NOT NULL,
    at  timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- What reached no queue although somebody listens: out of the way of the rest, tried again by itself.
CREATE TABLE unroutable (
    seq bigint PRIMARY KEY,
    day date NOT NULL,
    id  uuid NOT NULL,
    at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE parked (
    id          uuid        PRIMARY KEY,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    subject     text        NOT NULL,
    envelope    jsonb       NOT NULL,
    arrival     bigint      NOT NULL DEFAULT 0,
    kind        text        NOT NULL,
    code        text        NOT NULL,
    detail      text        NOT NULL,
    candidates  jsonb       NOT NULL DEFAULT '[]',
    state       text        NOT NULL CHECK (state IN ('waiting', 'person', 'redriven', 'discarded')),
    attempts    int         NOT NULL DEFAULT 1,
    next_try_at timestamptz,
    parked_at   timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    resolved_by text,
    resolution  text,
    CHECK ((state = 'waiting') = (next_try_at IS NOT NULL))
);
CREATE INDEX parked_due ON parked (next_try_at) WHERE state = 'waiting';
CREATE INDEX parked_open ON parked (parked_at DESC, id) WHERE state IN ('waiting', 'person');

-- What came from outside and had no effect, counted once for each arrival, however often the broker brings it.
CREATE TABLE tally (
    arrival bigint      NOT NULL,
    type    text        NOT NULL,
    outcome text        NOT NULL,
    n       int         NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (arrival, type, outcome)
);
