-- Consents with how they were said, homes with who wrote them down, and makers of whom nothing private is left.

ALTER TABLE consent ADD COLUMN note text;

-- Who wrote it down, and when. Homes of before this were written when she was registered.
ALTER TABLE maker_home ADD COLUMN recorded_at timestamptz, ADD COLUMN recorded_by text;
UPDATE maker_home h SET recorded_at = m.registered_at, recorded_by = m.registered_by
FROM maker m WHERE m.maker_id = h.maker_id;
ALTER TABLE maker_home ALTER COLUMN recorded_at SET NOT NULL, ALTER COLUMN recorded_by SET NOT NULL;
CREATE INDEX maker_home_of_rusun ON maker_home (rusun, maker_id);

-- A home that was put right for the same day: what had been written before.
CREATE TABLE maker_home_replaced (
    no          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    maker_id    uuid        NOT NULL REFERENCES maker,
    since       date        NOT NULL,
    rusun       text        NOT NULL REFERENCES rusun,
    block       text        NOT NULL,
    unit        text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text        NOT NULL,
    replaced_at timestamptz NOT NULL
);
CREATE INDEX maker_home_replaced_of_maker ON maker_home_replaced (maker_id);

-- An anonymised maker keeps her id and her history; her name and her numbers are empty, and why is no word about her.
ALTER TABLE maker
    DROP CONSTRAINT maker_phone_check,
    ADD COLUMN anonymised_at timestamptz,
    ADD COLUMN anonymised_by text,
    ADD COLUMN anonymised_why text,
    ADD CONSTRAINT maker_phone_check CHECK (phone ~ '^\+[1-9][0-9]{6,14}$' OR phone = '' AND anonymised_at IS NOT NULL),
    ADD CONSTRAINT maker_anonymised_check CHECK (
        num_nulls(anonymised_at, anonymised_by, anonymised_why) IN (0, 3)
        AND (anonymised_at IS NULL OR name = '' AND phone = '' AND email IS NULL));
CREATE INDEX maker_phone ON maker (phone) WHERE phone <> '';
