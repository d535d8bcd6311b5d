-- Tills as a whole: what a person should look at, what each till counted, and what was heard of it.

CREATE TABLE finding (
    finding_id uuid        PRIMARY KEY,
    opened_at  timestamptz NOT NULL,
    settled_at timestamptz,
    kind       text        NOT NULL CHECK (kind IN ('suspected-duplicate', 'sequence-gap', 'numbering-restarted',
                                                    'totals-differ', 'serial-conflict', 'piece-elsewhere')),
    outlet     text        NOT NULL,
    till       text,
    subject    text        NOT NULL,
    detail     jsonb       NOT NULL,
    settled_by text,
    note       text,
    CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
    CHECK ((settled_at IS NULL) = (note IS NULL))
);
CREATE INDEX finding_by_age ON finding (opened_at DESC, finding_id DESC);
CREATE INDEX finding_open ON finding (opened_at DESC, finding_id DESC) WHERE settled_at IS NULL;

-- A till's control totals. A later version replaces those before it; none is changed.
CREATE TABLE till_closing (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    report_id   uuid        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    events      bigint      NOT NULL CHECK (events >= 0),
    total       bigint      NOT NULL,
    first_seq   bigint,
    last_seq    bigint,
    till_seq    bigint,
    day         date        NOT NULL,
    version     smallint    NOT NULL DEFAULT 0,
    outlet      text        NOT NULL,
    till        text        NOT NULL,
    UNIQUE (outlet, till, day, version),
    CHECK (first_seq <= last_seq)
);
CREATE INDEX till_closing_of_day ON till_closing (outlet, day DESC, till DESC, version DESC);
CREATE TRIGGER till_closing_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON till_closing
    EXECUTE FUNCTION refuse_change();

-- The tables below are written by one round of the watch at a time and by nobody else.

-- What is recorded of each till on each business day.
CREATE TABLE till_day (
    outlet text   NOT NULL,
    till   text   NOT NULL,
    day    date   NOT NULL,
    events bigint NOT NULL,
    total  bigint NOT NULL,
    PRIMARY KEY (outlet, till, day)
) WITH (fillfactor = 50);

-- `seen`: the numbers that were heard of; `again`: those that came for something else once more. Below `counts_from`
-- nothing is looked for any more: a till whose numbers do not count up by one leaves more gaps than anybody can look at.
CREATE TABLE till (
    outlet      text           NOT NULL,
    till        text           NOT NULL,
    seen        int8multirange NOT NULL,
    again       int8multirange NOT NULL DEFAULT '{}',
    counts_from bigint         NOT NULL DEFAULT 0,
    PRIMARY KEY (outlet, till)
) WITH (fillfactor = 50);

-- Numbers that were passed over. `finding`: the one that names them, once their time is up.
CREATE TABLE till_gap (
    outlet  text        NOT NULL,
    till    text        NOT NULL,
    numbers int8range   NOT NULL,
    due_at  timestamptz,
    finding uuid,
    PRIMARY KEY (outlet, till, numbers)
);
CREATE INDEX till_gap_due ON till_gap (due_at) WHERE due_at IS NOT NULL;

-- How the last closing of each day compares with what is recorded.
CREATE TABLE till_check (
    outlet  text        NOT NULL,
    till    text        NOT NULL,
    day     date        NOT NULL,
    closing bigint      NOT NULL,
    state   text        NOT NULL CHECK (state IN ('open', 'tied', 'differs')),
    due_at  timestamptz,
    tied_at timestamptz,
    finding uuid,
    PRIMARY KEY (outlet, till, day),
    CHECK (state <> 'tied' OR tied_at IS NOT NULL),
    CHECK (state <> 'differs' OR finding IS NOT NULL)
);
CREATE INDEX till_check_due ON till_check (due_at) WHERE due_at IS NOT NULL;

-- What a till said and nobody could book yet is not missing.
CREATE INDEX parked_of_till ON parked ((envelope #>> '{data,outlet}'), (envelope #>> '{data,till}'))
    WHERE type LIKE 'outlet.%';

-- How many of each kind of the sale's pieces a return took, in the order of the sale's runs.
ALTER TABLE returned ADD COLUMN taken int[];
