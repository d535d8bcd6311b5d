"""What of the other services' logs a service has taken in: a later word of theirs has no part in what it knows yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.db import Row, Tx
from shared.runtime.migrate import INBOX_DAYS


@dataclass(frozen=True, slots=True)
class Sieve:
    """Lets pass what a service told itself, and what it was told and did not leave aside. `own`: its name and a dot."""

    own: str
    database: Tx
    set_aside: Mapping[UUID, str | None]
    kept_since: date

    async def texts(self, entries: Sequence[Row]) -> list[str]:
        """The envelopes; of what a person has corrected, as it was corrected."""
        foreign = [entry for entry in entries if not entry["type"].startswith(self.own)]
        taken = await list_taken_in(self.database, foreign, self.kept_since) if foreign else set()
        found = []
        for entry in entries:
            known = entry["type"].startswith(self.own) or entry["id"] in taken
            text = self.set_aside.get(entry["id"], entry["envelope"]) if known else None
            if text is not None:
                found.append(text)
        return found


async def sieve(service: str, database: Tx, now: datetime) -> Sieve:
    """`database`: a look at one moment of it."""
    kept_since = (now - timedelta(days=INBOX_DAYS - 1)).date()
    return Sieve(f"{service}.", database, await list_set_aside(database), kept_since)


async def list_taken_in(database: Tx, entries: Sequence[Row], kept_since: date) -> set[UUID]:
    """Those of other services' entries that were taken in. Before `kept_since` nothing says so any more: all."""
    rows = await database.fetch(
        """
        SELECT told.id FROM unnest($1::date[], $2::uuid[]) AS told (day, id)
        WHERE told.day < $3 OR EXISTS (SELECT FROM inbox i WHERE i.id = told.id AND i.day = told.day)
        """,
        [entry["day"] for entry in entries],
        [entry["id"] for entry in entries],
        kept_since,
    )
    return {row["id"] for row in rows}


async def list_set_aside(database: Tx) -> dict[UUID, str | None]:
    """Other services' events that were parked: as they were handled in the end, None for those that were not."""
    rows = await database.fetch(
        """
        SELECT event_id, CASE WHEN state = 'redriven' THEN envelope::text END AS envelope
        FROM parked WHERE arrival = 0
        """
    )
    return {row["event_id"]: row["envelope"] for row in rows}
