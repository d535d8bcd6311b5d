-- The programme's steps, what each maker earned when, who accompanies her, and what is proposed to her first.

-- Where she lived on a day; before her first day here: where she lived first. NULL for nobody.
CREATE FUNCTION rusun_on(of_maker uuid, on_day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT rusun FROM maker_home
    WHERE maker_id = of_maker
    ORDER BY since <= on_day DESC, CASE WHEN since <= on_day THEN since END DESC, since
    LIMIT 1
$$;

-- All who lived there on that day, by the same rule.
CREATE FUNCTION makers_of(of_rusun text, on_day date) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT maker_id
    FROM (
        SELECT DISTINCT ON (maker_id) maker_id, rusun FROM maker_home
        ORDER BY maker_id, since <= on_day DESC, CASE WHEN since <= on_day THEN since END DESC, since
    ) home
    WHERE rusun = of_rusun
$$;

-- An order of the steps holds from its day on, until a later one. Which steps there are is the city's to say.
CREATE TABLE step_order (
    valid_from date        PRIMARY KEY,
    set_at     timestamptz NOT NULL,
    set_by     text        NOT NULL
);
CREATE TABLE programme_step (
    valid_from date NOT NULL REFERENCES step_order,
    position   int  NOT NULL CHECK (position > 0),
    code       text NOT NULL,
    name_id    text NOT NULL,
    name_en    text NOT NULL,
    PRIMARY KEY (valid_from, position),
    UNIQUE (valid_from, code)
);
INSERT INTO step_order (valid_from, set_at, set_by) VALUES ('2000-01-01', now(), 'system');
INSERT INTO programme_step (valid_from, position, code, name_id, name_en) VALUES
    ('2000-01-01', 1, 'registration', 'Pendaftaran', 'Registration'),
    ('2000-01-01', 2, 'training', 'Pelatihan', 'Training'),
    ('2000-01-01', 3, 'accompaniment', 'Pendampingan', 'Accompaniment'),
    ('2000-01-01', 4, 'licensing', 'Perizinan', 'Licensing'),
    ('2000-01-01', 5, 'marketing', 'Pemasaran', 'Marketing'),
    ('2000-01-01', 6, 'financial-reporting', 'Pelaporan keuangan', 'Financial reporting'),
    ('2000-01-01', 7, 'capital', 'Permodalan', 'Capital');

-- What a person says of a maker. Rows are only ever added: a wrong one is taken back below.
CREATE TABLE step_record (
    record_id   uuid        PRIMARY KEY,
    maker_id    uuid        NOT NULL REFERENCES maker,
    step        text        NOT NULL,
    reached_on  date        NOT NULL,
    note        text,
    recorded_at timestamptz NOT NULL,
    recorded_by text        NOT NULL
);
CREATE INDEX step_record_of_maker ON step_record (maker_id);

CREATE TABLE visit (
    visit_id    uuid        PRIMARY KEY,
    maker_id    uuid        NOT NULL REFERENCES maker,
    visited_on  date        NOT NULL,
    companion   text        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('visit', 'call', 'message')),
    note        text,
    recorded_at timestamptz NOT NULL,
    recorded_by text        NOT NULL
);
CREATE INDEX visit_of_maker ON visit (maker_id, visited_on);

-- Of a step or of a visit: it was recorded wrongly and counts for nothing.
CREATE TABLE withdrawal (
    record_id uuid        PRIMARY KEY,
    reason    text        NOT NULL,
    at        timestamptz NOT NULL,
    by        text        NOT NULL
);

CREATE TABLE next_step (
    step_id  uuid NOT NULL PRIMARY KEY,
    visit_id uuid NOT NULL REFERENCES visit,
    number   int  NOT NULL CHECK (number > 0),
    what     text NOT NULL,
    due_on   date NOT NULL,
    state    text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
    note     text,
    ended_at timestamptz,
    ended_by text,
    UNIQUE (visit_id, number),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX next_step_due ON next_step (due_on, step_id) WHERE state = 'open';

-- A history: the latest row counts, of two for one day the one that was written later.
CREATE TABLE companion (
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    maker_id    uuid        NOT NULL REFERENCES maker,
    since       date        NOT NULL,
    companion   text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text        NOT NULL
);
CREATE INDEX companion_of_maker ON companion (maker_id, since DESC, seq DESC);
CREATE TABLE cohort_companion (
    cohort_id uuid        PRIMARY KEY REFERENCES cohort,
    companion text        NOT NULL,
    set_at    timestamptz NOT NULL,
    set_by    text        NOT NULL
);
CREATE TABLE rusun_companion (
    rusun     text        PRIMARY KEY REFERENCES rusun,
    companion text        NOT NULL,
    set_at    timestamptz NOT NULL,
    set_by    text        NOT NULL
);

CREATE FUNCTION companion_on(of_maker uuid, on_day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT companion FROM companion
    WHERE maker_id = of_maker AND since <= on_day
    ORDER BY since DESC, seq DESC
    LIMIT 1
$$;

-- As sales tells of it. The first day only ever becomes earlier and the last one later: order does not matter.
CREATE TABLE maker_income (
    maker_id  uuid PRIMARY KEY REFERENCES maker,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    CHECK (first_day <= last_day)
);

-- What the jury sent back, for changes or for good: whose, and when. Nothing else of it is kept here.
CREATE TABLE sent_back (
    maker_id      uuid NOT NULL,
    submission_id uuid NOT NULL,
    day           date NOT NULL,
    PRIMARY KEY (maker_id, submission_id, day)
);

CREATE TABLE proposal (
    proposal_id uuid        PRIMARY KEY,
    maker_id    uuid        NOT NULL REFERENCES maker,
    kind        text        NOT NULL CHECK (kind IN ('order', 'remedial-session')),
    about       text        NOT NULL,
    craft       text,
    due_on      date        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'expired')),
    made_at     timestamptz NOT NULL,
    made_by     text        NOT NULL,
    passed_over uuid[],
    why         text,
    answered_at timestamptz,
    answered_by text,
    note        text,
    CHECK ((passed_over IS NULL) = (why IS NULL)),
    CHECK ((state IN ('accepted', 'declined')) = (answered_by IS NOT NULL)),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
);
CREATE UNIQUE INDEX proposal_standing ON proposal (maker_id, kind, about) WHERE state IN ('open', 'accepted');
CREATE INDEX proposal_of_maker ON proposal (maker_id, made_at);
CREATE INDEX proposal_about ON proposal (kind, about);
CREATE INDEX proposal_by_age ON proposal (made_at DESC, proposal_id DESC);
CREATE INDEX proposal_due ON proposal (due_on) WHERE state = 'open';

-- Whoever proposes something locks its row: who stands before whom is looked at by one at a time.
CREATE TABLE proposed (
    kind  text NOT NULL,
    about text NOT NULL,
    PRIMARY KEY (kind, about)
);

-- Each time of a maker without income that was told of. It ends when she earns or gets an order: then `since` is another.
CREATE TABLE without_income (
    maker_id uuid NOT NULL REFERENCES maker,
    since    date NOT NULL,
    days     int  NOT NULL CHECK (days > 0),
    found_on date NOT NULL,
    PRIMARY KEY (maker_id, since)
);

-- By her certificate or by the end of the cohort, whichever was earlier; a certificate that is issued again is later.
-- One that is revoked does not undo that she was there.
CREATE VIEW completed_course AS
SELECT maker_id, cohort_id, c.craft, min(day) AS completed_on
FROM (
    SELECT maker_id, cohort_id, issued_on AS day FROM certificate WHERE state <> 'revoked'
    UNION ALL
    SELECT e.maker_id, e.cohort_id, (c.completed_at AT TIME ZONE 'Asia/Jakarta')::date
    FROM enrolment e
    JOIN cohort c USING (cohort_id)
    WHERE e.state = 'completed' AND c.completed_at IS NOT NULL
) done
JOIN cohort c USING (cohort_id)
GROUP BY maker_id, cohort_id, c.craft;

CREATE VIEW certified_craft AS
SELECT DISTINCT maker_id, c.craft FROM certificate JOIN cohort c USING (cohort_id) WHERE state = 'valid';

CREATE VIEW standing_visit AS
SELECT * FROM visit v WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.record_id = v.visit_id);

-- All that says when a maker has reached a step, and still stands. Of several the earliest counts.
CREATE VIEW step_fact AS
SELECT maker_id, 'registration' AS step, (registered_at AT TIME ZONE 'Asia/Jakarta')::date AS reached_on,
       'registered' AS source
FROM maker
UNION ALL
SELECT maker_id, 'training', completed_on, 'course' FROM completed_course
UNION ALL
SELECT maker_id, 'accompaniment', visited_on, 'visit' FROM standing_visit
UNION ALL
SELECT maker_id, 'marketing', first_day, 'income' FROM maker_income
UNION ALL
SELECT maker_id, step, reached_on, 'recorded' FROM step_record r
WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.record_id = r.record_id);

-- Since when a maker who has completed a course has had neither income nor an order. Not of those who are forgotten.
CREATE VIEW income_gap AS
SELECT maker_id, c.completed_on, i.last_day AS last_income, o.day AS last_order,
       greatest(c.completed_on, i.last_day, o.day) AS since
FROM (SELECT maker_id, min(completed_on) AS completed_on FROM completed_course GROUP BY maker_id) c
LEFT JOIN maker_income i USING (maker_id)
LEFT JOIN (
    SELECT maker_id, max((answered_at AT TIME ZONE 'Asia/Jakarta')::date) AS day
    FROM proposal
    WHERE kind = 'order' AND state = 'accepted'
    GROUP BY maker_id
) o USING (maker_id)
WHERE maker_id NOT IN (SELECT m.maker_id FROM maker m WHERE m.anonymised_at IS NOT NULL);

-- To whom something should be proposed first: the smaller `place`, the earlier `since`.
-- 0: without income and order, ever or since `poor`; 1: sent back since `returned`; 2: all others.
CREATE FUNCTION candidates(wanted text, for_cohort uuid, poor date, returned date)
RETURNS TABLE (maker_id uuid, place int, since date, last_income date, last_order date, sent_back_on date)
LANGUAGE sql STABLE AS $$
    SELECT g.maker_id,
           CASE WHEN g.since <= poor OR (g.last_income IS NULL AND g.last_order IS NULL) THEN 0
                WHEN s.day >= returned THEN 1
                ELSE 2 END,
           g.since, g.last_income, g.last_order, s.day
    FROM income_gap g
    LEFT JOIN (SELECT b.maker_id, max(b.day) AS day FROM sent_back b GROUP BY b.maker_id) s USING (maker_id)
    WHERE EXISTS (
        SELECT FROM certified_craft k WHERE k.maker_id = g.maker_id AND (wanted IS NULL OR k.craft = wanted)
    ) AND NOT EXISTS (
        SELECT FROM enrolment e WHERE e.cohort_id = for_cohort AND e.maker_id = g.maker_id
    )
$$;
