"""What tills counted. How it compares with the books follows from both, and is looked at anew."""

from services.sales.replay.links import Family, Links, as_report, at_outlets, in_turn
from services.sales.storage import closings as storage
from shared.contracts.outlets import TillClosed
from shared.contracts.sales.tills import TillClosingRecorded
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_closing(tx: Tx, message: Received[TillClosingRecorded]) -> None:
    told = message.data
    facts = told.model_dump(exclude={"business_date", "version"})
    report = TillClosed.model_construct(**facts, business_date=told.business_date.isoformat())
    day = (told.outlet, told.till, told.business_date)
    await storage.add_closings(tx, [(as_report(message, report), day, told.version)])


FAMILY = Family(
    in_turn({TillClosingRecorded: project_closing}),
    {TillClosingRecorded: Links(needs=lambda event: at_outlets(event.outlet))},
)
