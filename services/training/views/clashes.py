"""Who or what is planned in two sessions at once."""

from datetime import datetime, time, timedelta

from services.training.domain.calendar import JAKARTA
from services.training.domain.clashes import find_clashes
from services.training.domain.faults import invalid
from services.training.storage.clashes import list_slots_between
from shared.contracts.training.clashes import Clashes, ListClashes
from shared.db import Tx
from shared.runtime.envelope import Received

MOST = timedelta(days=366)


async def list_clashes(query: Received[ListClashes], tx: Tx) -> Clashes:
    """By time. Raises Invalid for days that do not follow each other, or for more than a year."""
    first, last = query.data.since, query.data.to
    if not timedelta(0) <= last - first <= MOST:
        raise invalid(("to", "a day from `from` on, at most a year later"))
    begin = datetime.combine(first, time.min, JAKARTA)
    end = datetime.combine(last, time.min, JAKARTA) + timedelta(days=1)
    return Clashes(items=find_clashes(await list_slots_between(tx, begin, end)))
