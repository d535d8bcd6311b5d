-- Products in full: whether they are offered, what buyers read, photos, and how they are found.
ALTER TABLE product
    ADD COLUMN state    text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'retired')),
    ADD COLUMN story_id text,
    ADD COLUMN story_en text;
UPDATE product p SET story_id = s.story FROM submission s WHERE s.submission_id = p.submission_id;

-- Why a product is no longer offered, or again. Never changed.
CREATE TABLE product_state (
    seq    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku    text        NOT NULL REFERENCES product,
    state  text        NOT NULL,
    reason text        NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text        NOT NULL
);

-- Words as they are, for their beginnings, and as either language bends them; what a product is called weighs most.
ALTER TABLE product ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', sku || ' ' || title), 'A')
    || setweight(to_tsvector('indonesian', title), 'A')
    || setweight(to_tsvector('english', title), 'A')
    || setweight(to_tsvector('simple', craft || ' ' || technique || ' ' || material), 'B')
    || setweight(to_tsvector('indonesian', technique || ' ' || material), 'B')
    || setweight(to_tsvector('english', craft || ' ' || technique || ' ' || material), 'B')
    || setweight(to_tsvector('simple', coalesce(story_id, '') || ' ' || coalesce(story_en, '')), 'D')
    || setweight(to_tsvector('indonesian', coalesce(story_id, '')), 'D')
    || setweight(to_tsvector('english', coalesce(story_en, '')), 'D')
) STORED;
CREATE INDEX product_search ON product USING gin (search);

CREATE AGGREGATE all_of (tsquery) (SFUNC = tsquery_and, STYPE = tsquery);

-- All of these words (lower case, no punctuation), each as it is, as it begins or as either language bends it; a word
-- that says nothing in one of the languages (dan, the) is not looked for, unless there is no other.
CREATE FUNCTION words_query(words text[]) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT coalesce(all_of(found) FILTER (WHERE telling), all_of(found))
    FROM unnest(words) AS word
    CROSS JOIN LATERAL (
        SELECT to_tsquery('simple', word || ':*') || plainto_tsquery('indonesian', word)
               || plainto_tsquery('english', word),
               to_tsvector('indonesian', word) <> '' AND to_tsvector('english', word) <> ''
    ) AS each (found, telling)
$$;

-- The price that holds at a moment; before the first one, the first.
CREATE FUNCTION price_at(of_sku text, moment timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT price FROM price
    WHERE sku = of_sku
    ORDER BY (valid_from <= moment) DESC, CASE WHEN valid_from <= moment THEN valid_from END DESC, valid_from
    LIMIT 1
$$;

-- What is NULL fits. Prices are those of the moment, both ends included.
CREATE FUNCTION product_fits(
    p product, of_craft text, of_technique text, of_maker uuid, in_state text, price_from bigint, price_to bigint,
    moment timestamptz
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (of_craft IS NULL OR p.craft = of_craft)
       AND (of_technique IS NULL OR lower(p.technique) = lower(of_technique))
       AND (in_state IS NULL OR p.state = in_state)
       AND (of_maker IS NULL OR EXISTS (
           SELECT FROM submission_maker m WHERE m.maker_id = of_maker AND m.submission_id = p.submission_id))
       AND (price_from IS NULL AND price_to IS NULL OR price_at(p.sku, moment)
            BETWEEN coalesce(price_from, 0) AND coalesce(price_to, 9223372036854775807))
$$;

-- The rows of photos. A removed one stays as the record of who removed it and why; its files are deleted.
CREATE TABLE photo (
    photo_id      uuid        PRIMARY KEY,
    seq           bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    submission_id uuid        NOT NULL REFERENCES submission,
    caption       text        NOT NULL,
    web           text        NOT NULL CHECK (web ~ '^[0-9a-f]{64}$'),
    thumbnail     text        NOT NULL CHECK (thumbnail ~ '^[0-9a-f]{64}$'),
    width         int         NOT NULL CHECK (width > 0),
    height        int         NOT NULL CHECK (height > 0),
    added_at      timestamptz NOT NULL,
    added_by      text        NOT NULL,
    removed_at    timestamptz,
    removed_by    text,
    removed_why   text,
    CHECK (num_nulls(removed_at, removed_by, removed_why) IN (0, 3))
);
CREATE UNIQUE INDEX photo_of_submission ON photo (submission_id, web) WHERE removed_at IS NULL;
CREATE INDEX photo_web ON photo (web) WHERE removed_at IS NULL;
CREATE INDEX photo_thumbnail ON photo (thumbnail) WHERE removed_at IS NULL;

CREATE TABLE photo_maker (
    photo_id uuid NOT NULL REFERENCES photo,
    maker_id uuid NOT NULL REFERENCES maker,
    position int  NOT NULL,
    PRIMARY KEY (photo_id, maker_id)
);
CREATE INDEX photo_of_maker ON photo_maker (maker_id, photo_id);

-- The latest that was heard of a maker's consent to photos that show her; `final`: nobody can tell any more who she was.
CREATE TABLE photo_consent (
    maker_id uuid        PRIMARY KEY,
    granted  boolean     NOT NULL,
    at       timestamptz NOT NULL,
    final    boolean     NOT NULL DEFAULT false,
    CHECK (NOT (granted AND final))
);

CREATE VIEW whole_photo AS
SELECT p.photo_id, p.seq, p.submission_id, p.caption, p.web, p.thumbnail, p.width, p.height, p.added_at,
       ARRAY (SELECT m.maker_id FROM photo_maker m WHERE m.photo_id = p.photo_id ORDER BY m.position) AS shows,
       EXISTS (
           SELECT FROM photo_maker m JOIN photo_consent c USING (maker_id)
           WHERE m.photo_id = p.photo_id AND NOT c.granted
       ) AS hidden
FROM photo p
WHERE p.removed_at IS NULL;

DROP VIEW whole_product;
CREATE VIEW whole_product AS
SELECT p.sku, p.submission_id, p.title, p.craft, p.technique, p.material, p.approved_at, p.state, p.story_id,
       p.story_en, s.hours,
       (SELECT jsonb_agg(jsonb_build_object('maker_id', m.maker_id, 'weight', m.weight) ORDER BY m.position)
        FROM submission_maker m WHERE m.submission_id = p.submission_id) AS makers,
       (SELECT jsonb_agg(jsonb_build_object('price', c.price, 'valid_from', c.valid_from, 'floor', c.floor)
                         ORDER BY c.valid_from)
        FROM price c WHERE c.sku = p.sku) AS prices,
       (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'seq' - 'web' - 'thumbnail' ORDER BY f.seq), '[]')
        FROM whole_photo f WHERE f.submission_id = p.submission_id) AS photos
FROM product p
JOIN submission s USING (submission_id);
