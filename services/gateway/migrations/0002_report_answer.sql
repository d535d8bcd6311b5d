-- What was asked under an Idempotency-Key of POST /v1/reports, and what was answered once the broker had it.
-- `answer` is text that is JSON: a till's own ids may hold what jsonb cannot keep.

CREATE TABLE report_answer (
    account text        NOT NULL,
    key     text        NOT NULL,
    digest  bytea       NOT NULL CHECK (octet_length(digest) = 32),
    answer  json,
    at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, key)
);
CREATE INDEX report_answer_at ON report_answer (at);
