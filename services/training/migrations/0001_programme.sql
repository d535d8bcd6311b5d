-- Rusun and makers, cohorts and sessions, attendance and certificates.

CREATE TABLE cooperative (
    code text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE rusun (
    code          text        PRIMARY KEY,
    name          text        NOT NULL,
    cooperative   text        NOT NULL REFERENCES cooperative,
    registered_at timestamptz NOT NULL,
    registered_by text        NOT NULL
);

-- A phone is no identity: families share one.
CREATE TABLE maker (
    maker_id      uuid        PRIMARY KEY,
    name          text        NOT NULL,
    phone         text        NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    email         text,
    language      text        NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by text        NOT NULL
);
CREATE INDEX maker_registered ON maker (registered_at, maker_id);

-- Where she lives from `since` on, until a later row: a home is history, never overwritten.
CREATE TABLE maker_home (
    maker_id uuid NOT NULL REFERENCES maker,
    since    date NOT NULL,
    rusun    text NOT NULL REFERENCES rusun,
    block    text NOT NULL,
    unit     text NOT NULL,
    PRIMARY KEY (maker_id, since)
);

CREATE TABLE maker_nik (
    maker_id    uuid  PRIMARY KEY REFERENCES maker,
    sealed      bytea NOT NULL,
    fingerprint bytea NOT NULL UNIQUE CHECK (octet_length(fingerprint) = 32),
    last_four   text  NOT NULL CHECK (last_four ~ '^[0-9]{4}$')
);

-- A ledger: what she consents to is the latest row of each purpose.
CREATE TABLE consent (
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    maker_id    uuid        NOT NULL REFERENCES maker,
    purpose     text        NOT NULL,
    granted     boolean     NOT NULL,
    at          timestamptz NOT NULL,
    recorded_by text        NOT NULL
);
CREATE INDEX consent_latest ON consent (maker_id, purpose, seq DESC);

CREATE VIEW standing_consent AS
SELECT DISTINCT ON (maker_id, purpose) maker_id, purpose, granted, at
FROM consent
ORDER BY maker_id, purpose, seq DESC;

CREATE TABLE cohort (
    cohort_id      uuid        PRIMARY KEY,
    craft          text        NOT NULL,
    title          text        NOT NULL,
    rusun          text        NOT NULL REFERENCES rusun,
    trainer        text        NOT NULL,
    capacity       int         NOT NULL CHECK (capacity > 0),
    required_share int         NOT NULL CHECK (required_share BETWEEN 1 AND 100),
    opened_at      timestamptz NOT NULL,
    opened_by      text        NOT NULL,
    completed_at   timestamptz,
    completed_by   text,
    CHECK ((completed_at IS NULL) = (completed_by IS NULL))
);

CREATE TABLE session (
    session_id      uuid        PRIMARY KEY,
    cohort_id       uuid        NOT NULL REFERENCES cohort,
    number          int         NOT NULL CHECK (number > 0),
    planned_start   timestamptz NOT NULL,
    planned_minutes int         NOT NULL CHECK (planned_minutes > 0),
    actual_start    timestamptz,
    actual_minutes  int         CHECK (actual_minutes > 0),
    note            text,
    completed_at    timestamptz,
    completed_by    text,
    UNIQUE (cohort_id, number),
    UNIQUE (session_id, cohort_id),
    CHECK (num_nulls(actual_start, actual_minutes, completed_at, completed_by) IN (0, 4))
);

CREATE TABLE enrolment (
    cohort_id   uuid        NOT NULL REFERENCES cohort,
    maker_id    uuid        NOT NULL REFERENCES maker,
    state       text        NOT NULL CHECK (state IN ('enrolled', 'waitlisted', 'completed', 'not_completed')),
    position    int         CHECK (position > 0),
    enrolled_at timestamptz NOT NULL,
    enrolled_by text        NOT NULL,
    PRIMARY KEY (cohort_id, maker_id),
    UNIQUE (cohort_id, position),
    CHECK ((state = 'waitlisted') = (position IS NOT NULL))
);

-- `minutes` is empty only while the session is open: present for the whole of it, however long it will be.
CREATE TABLE attendance (
    session_id  uuid        NOT NULL,
    maker_id    uuid        NOT NULL,
    cohort_id   uuid        NOT NULL,
    status      text        NOT NULL CHECK (status IN ('present', 'late', 'left-early', 'excused', 'absent')),
    minutes     int         CHECK (minutes >= 0),
    recorded_at timestamptz NOT NULL,
    recorded_by text        NOT NULL,
    PRIMARY KEY (session_id, maker_id),
    FOREIGN KEY (session_id, cohort_id) REFERENCES session (session_id, cohort_id),
    FOREIGN KEY (cohort_id, maker_id) REFERENCES enrolment (cohort_id, maker_id),
    CHECK (minutes IS NOT NULL OR status = 'present'),
    CHECK (minutes = 0 OR status NOT IN ('excused', 'absent'))
);
CREATE INDEX attendance_of_maker ON attendance (cohort_id, maker_id);

-- One row for a year and craft, locked while its numbers are given out: no gaps, even after a failure.
CREATE TABLE certificate_counter (
    year  int  NOT NULL,
    craft text NOT NULL,
    last  int  NOT NULL CHECK (last > 0),
    PRIMARY KEY (year, craft)
);

CREATE TABLE certificate (
    number    text        PRIMARY KEY,
    maker_id  uuid        NOT NULL,
    cohort_id uuid        NOT NULL,
    minutes   int         NOT NULL CHECK (minutes > 0),
    issued_on date        NOT NULL,
    UNIQUE (cohort_id, maker_id),
    FOREIGN KEY (cohort_id, maker_id) REFERENCES enrolment (cohort_id, maker_id)
);
