-- What is due and what became of a notice, each in a table of its own: a notice is written once and never changed.
-- As columns of the notice they cost five entries in its large indexes for each that was sent.

-- The service may be running: what it is about to write down waits.
LOCK TABLE notice IN ACCESS EXCLUSIVE MODE;

-- Small rows that die young: there as long as there is something to be sent.
CREATE TABLE due (
    seq         bigint      PRIMARY KEY,
    notice_id   uuid        NOT NULL,
    next_try_at timestamptz NOT NULL,
    tries       int         NOT NULL DEFAULT 0,
    reason      text
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0);

CREATE TABLE outcome (
    seq     bigint      PRIMARY KEY,
    state   text        NOT NULL CHECK (state IN ('sent', 'failed', 'suppressed')),
    tries   int         NOT NULL,
    channel text,
    reason  text,
    sent_at timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

INSERT INTO due (seq, notice_id, next_try_at, tries, reason)
SELECT seq, notice_id, next_try_at, tries, reason FROM notice WHERE state = 'queued' ORDER BY seq;

INSERT INTO outcome (seq, state, tries, channel, reason, sent_at)
SELECT seq, state, tries, channel, reason, sent_at FROM notice WHERE state <> 'queued' ORDER BY seq;

ALTER TABLE notice
    DROP COLUMN state, DROP COLUMN tries, DROP COLUMN next_try_at,
    DROP COLUMN channel, DROP COLUMN reason, DROP COLUMN sent_at;

-- After the rows that are carried over: an index is quicker made than kept.
CREATE INDEX due_in_turn ON due (next_try_at);
