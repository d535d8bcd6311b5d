#!/usr/bin/env bash
# A database and a login for each service; a login owns and enters its own database and no other.
# Text is UTF-8 and sorts the same on every host: no index depends on a C library's version.
# PostgreSQL's image runs it when the cluster is new. Running it again is safe, and adds what is missing.
set -euo pipefail

query() { psql --no-psqlrc --quiet --tuples-only -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres "$@"; }

query <<'SQL'
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL

for file in /run/secrets/*.scram; do
  # The file holds a SCRAM verifier, not the password: nothing in this container can log in as a service.
  query -v login="$(basename "$file" .scram)" -v verifier="$(cat "$file")" <<'SQL'
SELECT format('CREATE ROLE %I', :'login')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'verifier';
SELECT format($$CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING 'UTF8'
                LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'$$, :'login', :'login')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'login') \gexec
REVOKE ALL ON DATABASE :"login" FROM PUBLIC;
SQL
done
