-- What submissions are judged by: never changed, in force from `valid_from` until the next ones.
-- `halal_from`: since when nothing of animal material is approved without its halal certificate.
CREATE TABLE criteria (
    valid_from       timestamptz PRIMARY KEY,
    seq              bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    pass_mark        int         NOT NULL CHECK (pass_mark BETWEEN 0 AND 1000),
    quorum           int         NOT NULL CHECK (quorum > 0),
    quorum_to_refuse int         NOT NULL CHECK (quorum_to_refuse >= 0),
    weights          jsonb       NOT NULL,
    descriptions     jsonb       NOT NULL,
    halal_from       timestamptz,
    set_at           timestamptz NOT NULL,
    set_by           text        NOT NULL
);

-- What the programme began with, when a coordinator could still say no without a review.
INSERT INTO criteria (valid_from, pass_mark, quorum, quorum_to_refuse, weights, descriptions, halal_from, set_at, set_by)
VALUES (
    '2000-01-01T00:00:00Z', 600, 1, 0,
    '{"market-fit": 25, "sale-value": 20, "finish": 20, "consistency": 10, "repeatability": 10, "price-realism": 10,
      "authenticity": 5}',
    '{"market-fit": "Cocok dengan pembeli di gerai kita",
      "sale-value": "Bernilai jual tinggi: pembeli mau membayar lebih untuk karya ini",
      "finish": "Rapi sampai ujung: jahitan, sambungan, warna, bagian dalam",
      "consistency": "Ukuran, warna, dan mutu sama dari satu buah ke buah lain",
      "repeatability": "Bisa dibuat lagi dengan bahan dan waktu yang tersedia",
      "price-realism": "Harga menutup bahan dan jam kerja, dan masih wajar di gerai",
      "authenticity": "Buatan tangan sendiri, sesuai dengan teknik yang disebut"}',
    '2026-10-17T00:00:00+07:00', now(), 'service:catalog'
);

-- Reasons that are given again and again, in plain words, with the advice that belongs to each.
CREATE TABLE reason_tag (
    tag               text        PRIMARY KEY,
    indonesian        text        NOT NULL,
    english           text        NOT NULL,
    advice_indonesian text        NOT NULL,
    advice_english    text        NOT NULL,
    retired           boolean     NOT NULL DEFAULT false,
    set_at            timestamptz NOT NULL,
    set_by            text        NOT NULL
);

INSERT INTO reason_tag (tag, indonesian, english, advice_indonesian, advice_english, set_at, set_by)
SELECT tag, indonesian, english, advice_indonesian, advice_english, now(), 'service:catalog'
FROM (VALUES
    ('general',
     'Karya ini belum memenuhi syarat seleksi.',
     'This work does not meet the conditions yet.',
     'Pendamping di rusun akan menemui Ibu dan menyusun langkah perbaikan bersama Ibu.',
     'Your coordinator will meet you and plan the next steps together with you.'),
    ('market-fit',
     'Karya ini belum cocok dengan pembeli di gerai kita.',
     'This work does not fit the buyers of our outlets yet.',
     'Lihat contoh karya yang laku di gerai bersama pendamping, lalu pilih warna dan ukuran yang dicari pembeli.',
     'Look at what sells in the outlets with your coordinator, then choose colours and sizes that buyers ask for.'),
    ('sale-value',
     'Nilai jualnya masih rendah.',
     'Its sale value is still low.',
     'Tambahkan ciri khas, misalnya motif sendiri atau kemasan yang baik. Pendamping dapat memberi contoh.',
     'Give it something of its own: your own motif, or good packaging. Your coordinator can show you examples.'),
    ('finish',
     'Hasil akhirnya belum rapi.',
     'The finish is not neat yet.',
     'Ikuti sesi perbaikan di rusun, gratis. Rapikan jahitan, ujung benang, dan bagian dalam, lalu kirim lagi.',
     'Come to a remedial session in your rusun, free of charge. Tidy seams, thread ends and the inside.'),
    ('consistency',
     'Ukuran atau mutunya belum sama dari satu buah ke buah lain.',
     'Sizes or quality differ from piece to piece.',
     'Pakai pola dan catatan ukuran yang sama untuk setiap buah. Pendamping dapat membantu membuat polanya.',
     'Use the same pattern and notes of sizes for every piece. Your coordinator can help you make the pattern.'),
    ('repeatability',
     'Karya ini sulit dibuat lagi dengan hasil yang sama.',
     'This work is hard to make again in the same way.',
     'Catat bahan, takaran, dan waktu pengerjaan, lalu buat satu buah lagi untuk dibandingkan.',
     'Note materials, amounts and time, then make a second piece to compare.'),
    ('price-realism',
     'Harganya belum sesuai dengan bahan dan jam kerja.',
     'The price does not fit its materials and hours yet.',
     'Hitung ulang biaya bahan dan jam kerja bersama pendamping.',
     'Work out materials and hours again together with your coordinator.'),
    ('authenticity',
     'Teknik atau bahannya belum sesuai dengan yang disebut.',
     'Technique or material are not what they are said to be.',
     'Sebutkan teknik dan bahan yang sebenarnya. Kain cetak tidak boleh disebut batik.',
     'Name the technique and material that were really used. Printed cloth must not be called batik.'),
    ('animal-material',
     'Bahan dari hewan belum disertai sertifikat halal.',
     'Material from animals comes without its halal certificate.',
     'Mintalah nomor sertifikat halal dari penjual bahan, atau pilih bahan lain. Pendamping siap membantu.',
     'Ask your supplier for the number of the halal certificate, or choose another material.'))
    AS words (tag, indonesian, english, advice_indonesian, advice_english);

ALTER TABLE submission
    ADD COLUMN round                    int         NOT NULL DEFAULT 1 CHECK (round > 0),
    ADD COLUMN criteria_from            timestamptz NOT NULL DEFAULT '2000-01-01T00:00:00Z' REFERENCES criteria,
    ADD COLUMN contains_animal_material boolean,
    ADD COLUMN halal_certificate        text,
    ADD COLUMN what_changed             text,
    ADD COLUMN tags                     text[]      NOT NULL DEFAULT '{}',
    ADD COLUMN way_forward              jsonb       NOT NULL DEFAULT '[]',
    ADD COLUMN withdrawn_at             timestamptz,
    ADD COLUMN withdrawn_by             text,
    ADD COLUMN withdrawn_because        text;

ALTER TABLE submission
    ALTER COLUMN criteria_from DROP DEFAULT;

-- Nobody was told to stand alone with a no, but it was not written down.
UPDATE submission
SET way_forward = (
    SELECT jsonb_build_array(
        jsonb_build_object('kind', 'advice', 'text', advice_indonesian, 'text_en', advice_english))
    FROM reason_tag WHERE tag = 'general')
WHERE state IN ('changes-requested', 'rejected');

ALTER TABLE submission
    DROP CONSTRAINT submission_state_check,
    ADD CONSTRAINT submission_state_check
        CHECK (state IN ('submitted', 'in-review', 'changes-requested', 'approved', 'rejected', 'withdrawn')),
    DROP CONSTRAINT submission_check,
    ADD CONSTRAINT decided_or_not
        CHECK ((state IN ('submitted', 'in-review', 'withdrawn')) = (decided_at IS NULL)),
    ADD CONSTRAINT withdrawn_or_not
        CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL AND withdrawn_by IS NOT NULL)),
    ADD CONSTRAINT no_without_a_way_forward
        CHECK (state NOT IN ('changes-requested', 'rejected') OR jsonb_array_length(way_forward) > 0),
    ADD CONSTRAINT later_round_says_what_changed
        CHECK (round = 1 OR what_changed IS NOT NULL);

-- Rounds that were sent back, as they were then; `submission` holds the present one.
CREATE TABLE earlier_round (
    submission_id            uuid        NOT NULL REFERENCES submission,
    round                    int         NOT NULL CHECK (round > 0),
    title                    text        NOT NULL,
    technique                text        NOT NULL,
    material                 text        NOT NULL,
    hours                    int         NOT NULL,
    asking_price             bigint      NOT NULL,
    story                    text,
    contains_animal_material boolean,
    halal_certificate        text,
    what_changed             text,
    submitted_at             timestamptz NOT NULL,
    submitted_by             text        NOT NULL,
    criteria_from            timestamptz NOT NULL REFERENCES criteria,
    state                    text        NOT NULL CHECK (state = 'changes-requested'),
    reasons                  text[]      NOT NULL,
    tags                     text[]      NOT NULL,
    way_forward              jsonb       NOT NULL,
    decided_at               timestamptz NOT NULL,
    decided_by               text        NOT NULL,
    PRIMARY KEY (submission_id, round)
);

-- `set_aside`: why it did not count when its round was decided.
ALTER TABLE review
    ADD COLUMN round     int NOT NULL DEFAULT 1 CHECK (round > 0),
    ADD COLUMN set_aside text,
    DROP CONSTRAINT review_pkey,
    ADD PRIMARY KEY (submission_id, round, juror);

-- Reviews that their jurors corrected or took back, as they were.
CREATE TABLE former_review (
    submission_id uuid        NOT NULL REFERENCES submission,
    round         int         NOT NULL,
    juror         text        NOT NULL,
    scores        jsonb       NOT NULL,
    score         int         NOT NULL,
    comment       text,
    reviewed_at   timestamptz NOT NULL,
    replaced_at   timestamptz NOT NULL
);
CREATE INDEX former_review_of_juror ON former_review (submission_id, round, juror);

CREATE TABLE abstention (
    submission_id uuid        NOT NULL REFERENCES submission,
    round         int         NOT NULL CHECK (round > 0),
    juror         text        NOT NULL CHECK (juror <> ''),
    reason        text        NOT NULL,
    abstained_at  timestamptz NOT NULL,
    PRIMARY KEY (submission_id, round, juror)
);

-- Who has ever taught a cohort, by account; who was ever enrolled in it. Either may be heard of first.
CREATE TABLE cohort_trainer (
    cohort_id uuid NOT NULL,
    account   text NOT NULL,
    PRIMARY KEY (account, cohort_id)
);

CREATE TABLE cohort_maker (
    cohort_id uuid NOT NULL,
    maker_id  uuid NOT NULL,
    PRIMARY KEY (maker_id, cohort_id)
);

-- Accounts that trained one of a submission's makers.
CREATE VIEW trained_by AS
SELECT m.submission_id, t.account
FROM submission_maker m
JOIN cohort_maker c USING (maker_id)
JOIN cohort_trainer t USING (cohort_id);

-- Reviews, each with why it does not count: until the decision as things stand now, afterwards as they stood then.
CREATE VIEW judged AS
SELECT r.submission_id, r.round, r.juror, r.scores, r.score, r.comment, r.reviewed_at,
       CASE WHEN r.round < s.round OR s.state NOT IN ('submitted', 'in-review') THEN r.set_aside
            WHEN EXISTS (SELECT FROM trained_by t
                         WHERE t.submission_id = r.submission_id AND t.account = split_part(r.juror, ':', 2))
            THEN 'juror_trained_maker' END AS set_aside
FROM review r
JOIN submission s USING (submission_id);

-- A submission as it is shown in its present round, and all its rounds.
DROP VIEW whole_submission;

CREATE VIEW whole_submission AS
SELECT s.*,
       p.sku,
       (SELECT jsonb_agg(jsonb_build_object('maker_id', m.maker_id, 'weight', m.weight) ORDER BY m.position)
        FROM submission_maker m WHERE m.submission_id = s.submission_id) AS makers,
       (SELECT coalesce(jsonb_agg(to_jsonb(j) ORDER BY j.reviewed_at, j.juror), '[]')
        FROM judged j WHERE j.submission_id = s.submission_id AND j.round = s.round) AS reviews,
       (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.abstained_at, a.juror), '[]')
        FROM abstention a WHERE a.submission_id = s.submission_id AND a.round = s.round) AS abstentions
FROM submission s
LEFT JOIN product p USING (submission_id);

CREATE VIEW whole_round AS
SELECT e.*,
       (SELECT coalesce(jsonb_agg(to_jsonb(j) ORDER BY j.reviewed_at, j.juror), '[]')
        FROM judged j WHERE j.submission_id = e.submission_id AND j.round = e.round) AS reviews,
       (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.abstained_at, a.juror), '[]')
        FROM abstention a WHERE a.submission_id = e.submission_id AND a.round = e.round) AS abstentions
FROM (
    SELECT submission_id, round, title, technique, material, hours, asking_price, story, contains_animal_material,
           halal_certificate, what_changed, submitted_at, submitted_by, criteria_from, state, reasons, tags,
           way_forward, decided_at, decided_by
    FROM earlier_round
    UNION ALL
    SELECT submission_id, round, title, technique, material, hours, asking_price, story, contains_animal_material,
           halal_certificate, what_changed, submitted_at, submitted_by, criteria_from, state, reasons, tags,
           way_forward, decided_at, decided_by
    FROM submission
) AS e;
