-- What makers are told: a template and what it is filled with. No name, no address, no text.
CREATE TABLE notice (
    notice_id   uuid        PRIMARY KEY,
    seq         bigint      GENERATED ALWAYS AS IDENTITY,
    maker_id    uuid        NOT NULL,
    template    text        NOT NULL,
    params      jsonb       NOT NULL,
    state       text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'suppressed')),
    tries       int         NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    channel     text,
    reason      text,
    created_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    CHECK ((state = 'queued') = (next_try_at IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX notice_of_maker ON notice (maker_id, seq);
CREATE INDEX notice_due ON notice (next_try_at) WHERE state = 'queued';
