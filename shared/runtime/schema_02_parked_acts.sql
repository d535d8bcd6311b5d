-- Everything that was done about a parked message; and what finds those of one reason, or those that something new helps.

ALTER TABLE parked
    -- The last state that was announced, so that none is announced twice.
    ADD COLUMN told     text NOT NULL DEFAULT 'person' CHECK (told IN ('waiting', 'person')),
    ADD COLUMN tried_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN wakes    int NOT NULL DEFAULT 0,
    -- What cannot be read may hold anything: the longest serial that a contract knows, no more.
    ADD COLUMN serial   text GENERATED ALWAYS AS (left(envelope -> 'data' ->> 'serial', 64)) STORED;

UPDATE parked SET told = CASE state WHEN 'waiting' THEN 'waiting' ELSE 'person' END,
                  tried_at = coalesce(resolved_at, parked_at);

CREATE INDEX parked_reason ON parked (code, tried_at) WHERE state IN ('waiting', 'person');
CREATE INDEX parked_subject ON parked (subject, code) WHERE state IN ('waiting', 'person');
CREATE INDEX parked_serial ON parked (serial, code) WHERE state IN ('waiting', 'person');

CREATE TABLE parked_act (
    no        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parked_id uuid        NOT NULL REFERENCES parked (id),
    act       text        NOT NULL CHECK (
        act IN ('parked', 'redriven', 'corrected', 'chosen', 'discarded', 'woken', 'expired')),
    actor     text        NOT NULL,
    at        timestamptz NOT NULL,
    reason    text        NOT NULL DEFAULT '',
    outcome   text        NOT NULL,
    chosen    text        CHECK (chosen IN ('parked', 'recorded')),
    change    jsonb,
    before    jsonb,
    CHECK ((act = 'chosen') = (chosen IS NOT NULL)),
    CHECK ((act = 'corrected') = (change IS NOT NULL AND before IS NOT NULL))
);
CREATE INDEX parked_act_history ON parked_act (parked_id, no);

INSERT INTO parked_act (parked_id, act, actor, at, outcome)
SELECT id, 'parked', 'the runtime', parked_at, code FROM parked ORDER BY parked_at, id;

INSERT INTO parked_act (parked_id, act, actor, at, reason, outcome)
SELECT id, state, resolved_by, resolved_at, CASE state WHEN 'discarded' THEN coalesce(resolution, '') ELSE '' END,
       CASE state WHEN 'redriven' THEN 'handled' ELSE 'discarded' END
FROM parked WHERE state IN ('redriven', 'discarded') AND resolved_by IS NOT NULL AND resolved_at IS NOT NULL
ORDER BY resolved_at, id;
