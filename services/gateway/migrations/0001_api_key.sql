-- Who may come in by HTTP. Of a key only its SHA-256 is kept: whoever reads this table can use none of them.
-- A name may have several keys (a new one before the old one goes); revoking the name ends them all.

CREATE TABLE api_key (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    role       text        NOT NULL CHECK (role IN ('coordinator', 'juror', 'finance', 'outlet', 'operator')),
    outlet     text        CHECK (outlet ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
    hash       bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CHECK ((role = 'outlet') = (outlet IS NOT NULL))
);
CREATE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;
