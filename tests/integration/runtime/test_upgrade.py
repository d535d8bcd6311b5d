"""A database from before acts were kept gets them, once, with what was known of each parked message."""

from pathlib import Path

from shared import db
from shared.db import Tx
from shared.runtime import migrate as migrations
from shared.runtime.migrate import migrate
from tests.conftest import MakeDatabase

FOLDER = Path(__file__).parent.parent.parent / "system" / "probe"


async def as_it_was(tx: Tx) -> None:
    """The first schema of the runtime, with one message that waits, one redriven and one discarded."""
    await tx.execute("DROP SCHEMA public CASCADE")
    await tx.execute("CREATE SCHEMA public")
    first = migrations.RUNTIME / "schema.sql"
    await tx.execute(
        "CREATE TABLE schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz)"
    )
    await migrations._apply(tx, first)
    await tx.execute(
        """
        INSERT INTO parked (id, event_id, type, subject, envelope, kind, code, detail, state, next_try_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 't', state, '{"data": {"serial": "P-1"}}', 'not_yet',
               'sku_unknown', '', state, CASE state WHEN 'waiting' THEN now() END
        FROM unnest(ARRAY['waiting', 'redriven', 'discarded']) AS s (state)
        """
    )
    await tx.execute(
        """
        UPDATE parked SET resolved_at = now(), resolved_by = 'coordinator:ani',
                          resolution = CASE state WHEN 'discarded' THEN 'a test' ELSE 'handled' END
        WHERE state <> 'waiting'
        """
    )


async def test_an_older_database_is_brought_up_to_date_and_only_once(make_database: MakeDatabase) -> None:
    url = await make_database("probe")
    connection = await db.connect(url, "tests")
    await as_it_was(connection)

    applied = await migrate(url, "probe", FOLDER)

    assert applied == ["schema_02_parked_acts.sql", "schema_03_digests.sql", "0001_entry.sql"]
    assert await migrate(url, "probe", FOLDER) == []
    rows = await connection.fetch(
        """
        SELECT p.state, p.told, p.serial, array_agg(ARRAY[a.act, a.actor, a.reason, a.outcome] ORDER BY a.no) AS acts
        FROM parked p JOIN parked_act a ON a.parked_id = p.id
        GROUP BY p.id
        """
    )
    await connection.close()
    parked = ["parked", "the runtime", "", "sku_unknown"]
    assert {row["state"]: (row["told"], row["serial"], row["acts"]) for row in rows} == {
        "waiting": ("waiting", "P-1", [parked]),
        "redriven": ("person", "P-1", [parked, ["redriven", "coordinator:ani", "", "handled"]]),
        "discarded": ("person", "P-1", [parked, ["discarded", "coordinator:ani", "a test", "discarded"]]),
    }
