"""Who or what is planned in two sessions at once."""

from datetime import UTC, datetime, time, timedelta

from services.training.domain.calendar import JAKARTA
from services.training.domain.clashes import find_clashes
from services.training.domain.faults import invalid
from services.training.storage.clashes import list_slots_between
from shared.contracts.training.clashes import Clash, Clashes, ListClashes
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor

MOST = timedelta(days=366)


async def list_clashes(query: Received[ListClashes], tx: Tx) -> Clashes:
    """By time. Raises Invalid for days that do not follow each other, or for more than a year."""
    first, last = query.data.since, query.data.to
    if not timedelta(0) <= last - first <= MOST:
        raise invalid(("to", "a day from `from` on, at most a year later"))
    after = decode_cursor(query.data.cursor, 3)
    begin = datetime.combine(first, time.min, JAKARTA)
    end = datetime.combine(last, time.min, JAKARTA) + timedelta(days=1)
    found = sorted(find_clashes(await list_slots_between(tx, begin, end)), key=_place)
    left = [clash for clash in found if after is None or _place(clash) > after]
    shown = left[: query.data.limit]
    return Clashes(items=shown, next=encode_cursor(*_place(shown[-1])) if len(left) > len(shown) else None)


def _place(clash: Clash) -> list[str]:
    """Where it stands in the list, as its cursor says."""
    begins = clash.later.starts_at.astimezone(UTC).isoformat()
    return [begins, str(clash.later.session_id), str(clash.earlier.session_id)]
