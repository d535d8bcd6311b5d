-- Sheets by exception, amendments, pieces of practice, and certificates that end.

ALTER TABLE cohort ADD COLUMN practical_required boolean NOT NULL DEFAULT false;

-- 1: as it was closed; each amendment is one more.
ALTER TABLE session ADD COLUMN version int NOT NULL DEFAULT 1 CHECK (version > 0);

-- `told`: the minutes that a person wrote down; without them they are reckoned from the session and the two times.
-- `named`: by name, not as one of the others.
ALTER TABLE attendance
    ADD COLUMN told       int CHECK (told > 0),
    ADD COLUMN arrived_at timestamptz,
    ADD COLUMN left_at    timestamptz,
    ADD COLUMN named      boolean NOT NULL DEFAULT true,
    DROP CONSTRAINT attendance_status_check,
    DROP CONSTRAINT attendance_check,
    DROP CONSTRAINT attendance_check1,
    ADD CONSTRAINT status_known
        CHECK (status IN ('present', 'late', 'left-early', 'excused', 'absent', 'not-applicable')),
    ADD CONSTRAINT minutes_told
        CHECK (minutes IS NOT NULL OR status = 'present' OR num_nonnulls(arrived_at, left_at) > 0),
    ADD CONSTRAINT away_is_nothing
        CHECK (minutes = 0 OR status NOT IN ('excused', 'absent', 'not-applicable')),
    ADD CONSTRAINT told_or_timed
        CHECK (told IS NULL OR num_nonnulls(arrived_at, left_at) = 0),
    ADD CONSTRAINT times_in_order CHECK (arrived_at < left_at);

UPDATE attendance
SET told = attendance.minutes
FROM session s
WHERE s.session_id = attendance.session_id AND attendance.minutes > 0
  AND NOT (attendance.status = 'present' AND attendance.minutes IS NOT DISTINCT FROM s.actual_minutes);

-- What was set right after a session was closed: added to, never changed.
CREATE TABLE session_amendment (
    session_id      uuid        NOT NULL REFERENCES session,
    version         int         NOT NULL CHECK (version > 1),
    reason          text        NOT NULL,
    amended_at      timestamptz NOT NULL,
    amended_by      text        NOT NULL,
    earlier_start   timestamptz NOT NULL,
    earlier_minutes int         NOT NULL,
    actual_start    timestamptz NOT NULL,
    actual_minutes  int         NOT NULL CHECK (actual_minutes > 0),
    PRIMARY KEY (session_id, version)
);

-- One row for each maker whose mark an amendment changed. Without an earlier status she had none.
CREATE TABLE attendance_amendment (
    session_id      uuid NOT NULL,
    version         int  NOT NULL,
    maker_id        uuid NOT NULL REFERENCES maker,
    earlier_status  text,
    earlier_minutes int,
    status          text NOT NULL,
    minutes         int  NOT NULL,
    PRIMARY KEY (session_id, version, maker_id),
    FOREIGN KEY (session_id, version) REFERENCES session_amendment
);

-- What she made to show what she has learned: the latest row of each maker counts.
CREATE TABLE practical (
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cohort_id   uuid        NOT NULL,
    maker_id    uuid        NOT NULL,
    accepted    boolean     NOT NULL,
    piece       text        NOT NULL,
    note        text,
    recorded_at timestamptz NOT NULL,
    recorded_by text        NOT NULL,
    FOREIGN KEY (cohort_id, maker_id) REFERENCES enrolment (cohort_id, maker_id)
);
CREATE INDEX practical_latest ON practical (cohort_id, maker_id, seq DESC);

CREATE VIEW latest_practical AS
SELECT DISTINCT ON (cohort_id, maker_id) cohort_id, maker_id, accepted, piece
FROM practical
ORDER BY cohort_id, maker_id, seq DESC;

-- Of each maker in a cohort: her minutes, and those taught, in the closed sessions that are hers.
-- A session that was closed before she had a seat has no mark of her.
CREATE VIEW progress AS
SELECT e.cohort_id, e.maker_id,
       coalesce(sum(a.minutes), 0)::int AS minutes,
       coalesce(sum(s.actual_minutes), 0)::int AS taught,
       count(*) FILTER (WHERE a.status = 'excused')::int AS excused,
       count(s.session_id)::int AS sessions
FROM enrolment e
LEFT JOIN attendance a
    ON a.cohort_id = e.cohort_id AND a.maker_id = e.maker_id AND a.status <> 'not-applicable'
    AND EXISTS (SELECT FROM session c WHERE c.session_id = a.session_id AND c.completed_at IS NOT NULL)
LEFT JOIN session s ON s.session_id = a.session_id
GROUP BY e.cohort_id, e.maker_id;

-- One that ends stays, with its reason. Of one maker and cohort one at most is valid.
ALTER TABLE certificate
    ADD COLUMN state      text NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'superseded', 'revoked')),
    ADD COLUMN replaces   text UNIQUE REFERENCES certificate,
    ADD COLUMN ended_at   timestamptz,
    ADD COLUMN ended_by   text,
    ADD COLUMN end_reason text,
    ADD CONSTRAINT ended_with_reason
        CHECK (num_nulls(ended_at, ended_by, end_reason) = CASE state WHEN 'valid' THEN 3 ELSE 0 END),
    DROP CONSTRAINT certificate_cohort_id_maker_id_key;
CREATE UNIQUE INDEX certificate_valid ON certificate (cohort_id, maker_id) WHERE state = 'valid';
CREATE INDEX certificate_of_maker ON certificate (cohort_id, maker_id);
