"""A database from when a notice bore its own state: what is due and what had become of each is carried over."""

from services.notify import storage
from services.notify.app import service
from shared import db
from shared.db import Tx
from shared.runtime.migrate import migrate
from tests.conftest import MakeDatabase
from tests.integration.notify.builders import NOON


async def as_it_was(tx: Tx) -> None:
    """One notice of each state; the one that waits was tried twice."""
    await tx.execute("DROP TABLE notice, due, outcome")
    await tx.execute("DELETE FROM schema_migrations WHERE name = '0003_due.sql'")
    await tx.execute((service.migrations / "0001_notices.sql").read_text())
    await tx.execute(
        """
        INSERT INTO notice (notice_id, maker_id, template, params, state, tries, next_try_at, channel, reason,
                            created_at, sent_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'item-sold', '{}', state, 2,
               CASE state WHEN 'queued' THEN $1::timestamptz END, CASE state WHEN 'sent' THEN 'log' END,
               CASE state WHEN 'sent' THEN NULL ELSE 'because' END, $1, CASE state WHEN 'sent' THEN $1 END
        FROM unnest(ARRAY['queued', 'sent', 'failed', 'suppressed']) AS s (state)
        """,
        NOON,
    )


async def test_notices_of_an_older_database_keep_their_state_and_what_waits_is_sent(
    make_database: MakeDatabase,
) -> None:
    url = await make_database("notify")
    connection = await db.connect(url, "tests")
    await as_it_was(connection)

    assert await migrate(url, "notify", service.migrations) == ["0003_due.sql"]

    rows = await connection.fetch(
        "SELECT state, tries, channel, reason, sent_at FROM notice JOIN outcome USING (seq) ORDER BY seq"
    )
    due = await storage.claim_due(connection, NOON, NOON, 10)
    await connection.close()
    assert [tuple(row) for row in rows] == [
        ("sent", 2, "log", None, NOON),
        ("failed", 2, None, "because", None),
        ("suppressed", 2, None, "because", None),
    ]
    assert [(notice.tries, notice.template) for notice in due] == [(2, "item-sold")]
