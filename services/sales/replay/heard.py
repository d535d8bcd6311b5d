"""What of the other services' logs sales has taken in: a later word of theirs has no part in its books yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.sales.storage import replay as storage
from shared.db import Row, Tx
from shared.runtime.migrate import INBOX_DAYS

OWN = "sales."


@dataclass(frozen=True, slots=True)
class Sieve:
    """Lets pass what sales told, and what it was told and did not leave aside."""

    sales: Tx
    set_aside: Mapping[UUID, str | None]
    kept_since: date

    async def texts(self, entries: Sequence[Row]) -> list[str]:
        """The envelopes; of what a person has corrected, as it was corrected."""
        foreign = [entry for entry in entries if not entry["type"].startswith(OWN)]
        taken = await storage.list_taken_in(self.sales, foreign, self.kept_since) if foreign else set()
        found = []
        for entry in entries:
            known = entry["type"].startswith(OWN) or entry["id"] in taken
            text = self.set_aside.get(entry["id"], entry["envelope"]) if known else None
            if text is not None:
                found.append(text)
        return found


async def sieve(sales: Tx, now: datetime) -> Sieve:
    """`sales`: a look at one moment of its database."""
    kept_since = (now - timedelta(days=INBOX_DAYS - 1)).date()
    return Sieve(sales, await storage.list_set_aside(sales), kept_since)
