"""What sales and the catalog tell of makers: who earned on which day, and whose product the jury sent back."""

from collections.abc import Sequence

from services.training.domain.calendar import jakarta_day
from services.training.storage import income as storage
from shared.contracts.catalog import ChangesRequested, ProductRejected
from shared.contracts.sales import MakersEarned
from shared.db import Tx
from shared.errors import NotYet
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome, Refused


async def learn_income(events: Sequence[Received[MakersEarned]], tx: Tx) -> list[Outcome]:
    """All in one statement. An event that names somebody unknown waits for her, whole."""
    unknown = await storage.get_unknown_makers(tx, [maker for event in events for maker in event.data.maker_ids])
    known = [event for event in events if unknown.isdisjoint(event.data.maker_ids)]
    told = [(maker, event.data.day) for event in known for maker in event.data.maker_ids]
    await storage.add_income(tx, [maker for maker, _ in told], [day for _, day in told])
    strangers = NotYet("maker_unknown", "some of these makers are not registered")
    return [Refused(event, strangers) for event in events if event not in known]


async def learn_sent_back(events: Sequence[Received[ChangesRequested | ProductRejected]], tx: Tx) -> list[Outcome]:
    """Whose, which and when; the reasons stay with the catalog."""
    told = [
        (maker.maker_id, event.data.submission_id, jakarta_day(event.envelope.time))
        for event in events
        for maker in event.data.makers
    ]
    await storage.add_sent_back(
        tx, [maker for maker, _, _ in told], [submission for _, submission, _ in told], [day for *_, day in told]
    )
    return []
