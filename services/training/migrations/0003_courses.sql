-- Those who teach, places, curricula; sessions planned anew; seats that are offered to the next in line.

CREATE TABLE trainer (
    trainer_id    uuid        PRIMARY KEY,
    name          text        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('industry-office', 'professional-crafter', 'expert')),
    crafts        text[]      NOT NULL CHECK (cardinality(crafts) > 0),
    institution   text,
    account       text        UNIQUE,
    registered_at timestamptz NOT NULL,
    registered_by text        NOT NULL
);
CREATE INDEX trainer_by_name ON trainer (name, trainer_id);

CREATE TABLE place (
    code          text        PRIMARY KEY,
    name          text        NOT NULL,
    rusun         text        REFERENCES rusun,
    capacity      int         CHECK (capacity > 0),
    registered_at timestamptz NOT NULL,
    registered_by text        NOT NULL
);

-- A version is written once and never changed. `sessions` and `materials` are read whole and in their order.
CREATE TABLE curriculum (
    code               text        NOT NULL,
    version            int         NOT NULL CHECK (version > 0),
    craft              text        NOT NULL,
    title              text        NOT NULL,
    sessions           jsonb       NOT NULL CHECK (jsonb_array_length(sessions) > 0),
    materials          jsonb       NOT NULL,
    required_share     int         NOT NULL CHECK (required_share BETWEEN 1 AND 100),
    practical_required boolean     NOT NULL,
    topics             text[]      NOT NULL,
    written_at         timestamptz NOT NULL,
    written_by         text        NOT NULL,
    PRIMARY KEY (code, version)
);

ALTER TABLE cohort
    ADD COLUMN curriculum         text,
    ADD COLUMN curriculum_version int,
    ADD COLUMN place              text REFERENCES place,
    ADD COLUMN offer_seconds      int  NOT NULL DEFAULT 86400 CHECK (offer_seconds > 0),
    ADD FOREIGN KEY (curriculum, curriculum_version) REFERENCES curriculum,
    ADD CHECK ((curriculum IS NULL) = (curriculum_version IS NULL));
CREATE INDEX cohort_opened ON cohort (opened_at, cohort_id);

ALTER TABLE session
    ADD COLUMN title text,
    ADD COLUMN place text REFERENCES place;
CREATE INDEX session_begins ON session (coalesce(actual_start, planned_start));

-- From when to when a session was held or, as long as it was not, is planned to be.
CREATE VIEW session_time AS
SELECT session_id, cohort_id, number, place, planned_start, planned_minutes, completed_at,
       coalesce(actual_start, planned_start) AS starts_at,
       coalesce(actual_start + make_interval(mins => actual_minutes),
                planned_start + make_interval(mins => planned_minutes)) AS ends_at
FROM session;

-- Who teaches a cohort; and who teaches each of its sessions, which may be somebody else.
CREATE TABLE cohort_trainer (
    cohort_id  uuid NOT NULL REFERENCES cohort,
    number     int  NOT NULL,
    trainer_id uuid NOT NULL REFERENCES trainer,
    PRIMARY KEY (cohort_id, trainer_id)
);

CREATE TABLE session_trainer (
    session_id uuid NOT NULL REFERENCES session,
    number     int  NOT NULL,
    trainer_id uuid NOT NULL REFERENCES trainer,
    PRIMARY KEY (session_id, trainer_id)
);
CREATE INDEX session_trainer_of ON session_trainer (trainer_id);

-- Every plan that was given up for another one.
CREATE TABLE former_plan (
    seq             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id      uuid        NOT NULL,
    planned_start   timestamptz NOT NULL,
    planned_minutes int         NOT NULL,
    place           text,
    trainers        uuid[]      NOT NULL,
    replanned_at    timestamptz NOT NULL,
    replanned_by    text        NOT NULL,
    reason          text        NOT NULL
);
CREATE INDEX former_plan_of ON former_plan (session_id, seq);

-- A session that will not be held is no session: whoever counts sessions need not remember to leave it out.
CREATE TABLE cancelled_session (
    session_id      uuid        PRIMARY KEY,
    cohort_id       uuid        NOT NULL REFERENCES cohort,
    number          int         NOT NULL,
    title           text,
    planned_start   timestamptz NOT NULL,
    planned_minutes int         NOT NULL,
    place           text,
    trainers        uuid[]      NOT NULL,
    cancelled_at    timestamptz NOT NULL,
    cancelled_by    text        NOT NULL,
    reason          text        NOT NULL,
    UNIQUE (cohort_id, number)
);

-- The line of those who wait: never-trained makers first, then by `line_no`; both are fixed when she comes to stand in
-- it, under the cohort's lock. `position` says where that puts her now.
CREATE SEQUENCE enrolment_line;
ALTER TABLE enrolment
    ADD COLUMN trained_before   boolean NOT NULL DEFAULT false,
    ADD COLUMN line_no          bigint,
    ADD COLUMN offer_expires_at timestamptz,
    DROP CONSTRAINT enrolment_state_check,
    DROP CONSTRAINT enrolment_cohort_id_position_key;
UPDATE enrolment e
SET line_no = o.line_no
FROM (
    SELECT cohort_id, maker_id, row_number() OVER (ORDER BY position NULLS FIRST, enrolled_at, maker_id) AS line_no
    FROM enrolment
) o
WHERE (o.cohort_id, o.maker_id) = (e.cohort_id, e.maker_id);
SELECT setval('enrolment_line', (SELECT count(*) + 1 FROM enrolment), false);
ALTER TABLE enrolment
    ALTER COLUMN line_no SET DEFAULT nextval('enrolment_line'),
    ALTER COLUMN line_no SET NOT NULL,
    ADD CONSTRAINT enrolment_state_check CHECK (
        state IN ('enrolled', 'waitlisted', 'offered', 'completed', 'not_completed', 'cancelled', 'expired')
    ),
    ADD CONSTRAINT enrolment_offer_check CHECK ((state = 'offered') = (offer_expires_at IS NOT NULL)),
    ADD CONSTRAINT enrolment_cohort_id_position_key UNIQUE (cohort_id, position) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX enrolment_offers ON enrolment (offer_expires_at) WHERE state = 'offered';
CREATE INDEX enrolment_of_maker ON enrolment (maker_id);

-- What became of a maker's place in a cohort, step by step. A reason may say something of her: it stays here.
CREATE TABLE enrolment_step (
    seq       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cohort_id uuid        NOT NULL,
    maker_id  uuid        NOT NULL,
    state     text        NOT NULL,
    at        timestamptz NOT NULL,
    by        text        NOT NULL,
    reason    text,
    FOREIGN KEY (cohort_id, maker_id) REFERENCES enrolment (cohort_id, maker_id)
);
CREATE INDEX enrolment_step_of ON enrolment_step (cohort_id, maker_id, seq);
