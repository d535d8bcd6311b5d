-- Makers as training registered them: their ids and nothing else.
CREATE TABLE maker (
    maker_id uuid PRIMARY KEY
);

CREATE TABLE submission (
    submission_id uuid        PRIMARY KEY,
    seq           bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    title         text        NOT NULL,
    craft         text        NOT NULL CHECK (craft <> 'business'),
    technique     text        NOT NULL,
    material      text        NOT NULL,
    hours         int         NOT NULL CHECK (hours > 0),
    reference     text,
    story         text,
    asking_price  bigint      NOT NULL CHECK (asking_price >= 0),
    state         text        NOT NULL DEFAULT 'submitted'
                  CHECK (state IN ('submitted', 'in-review', 'changes-requested', 'approved', 'rejected')),
    reasons       text[]      NOT NULL DEFAULT '{}',
    submitted_at  timestamptz NOT NULL,
    submitted_by  text        NOT NULL,
    decided_at    timestamptz,
    decided_by    text,
    CHECK ((state IN ('submitted', 'in-review')) = (decided_at IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CHECK (state NOT IN ('changes-requested', 'rejected') OR cardinality(reasons) > 0)
);
CREATE INDEX submission_by_state ON submission (state, seq);

CREATE TABLE submission_maker (
    submission_id uuid NOT NULL REFERENCES submission,
    position      int  NOT NULL,
    maker_id      uuid NOT NULL REFERENCES maker,
    weight        int  NOT NULL CHECK (weight > 0),
    PRIMARY KEY (submission_id, maker_id),
    UNIQUE (submission_id, position)
);
CREATE INDEX submission_of_maker ON submission_maker (maker_id, submission_id);

CREATE TABLE review (
    submission_id uuid        NOT NULL REFERENCES submission,
    juror         text        NOT NULL CHECK (juror <> ''),
    scores        jsonb       NOT NULL,
    score         int         NOT NULL CHECK (score BETWEEN 0 AND 1000),
    comment       text,
    reviewed_at   timestamptz NOT NULL,
    PRIMARY KEY (submission_id, juror)
);
