"""A till that numbers what it reports and closes its day, and the watch that looks at it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from services.sales.handlers import closings
from services.sales.storage.heard import Heard, add_heard
from services.sales.views import closings as closing_views
from services.sales.views import findings as finding_views
from services.sales.watch import tills
from shared.contracts.message import Event
from shared.contracts.outlets import TillClosed
from shared.contracts.sales.tills import Closing, Finding, ListClosings, ListFindings
from shared.db import Pool
from shared.errors import Rejected
from shared.runtime.handler import Outcome
from shared.runtime.parked.message import of_refused
from shared.runtime.parked.storage import add_parked
from tests.integration.sales.builders import NOON, a_sale, do, hear, received

E = TypeVar("E", bound=Event)
GRACE = timedelta(seconds=60)
TODAY = "2026-11-21"
LATER = NOON + 2 * GRACE


def a_closing(**other: Any) -> TillClosed:
    """Till 1 of Citos sold one shawl today."""
    facts: dict[str, Any] = {
        "outlet": "citos",
        "till": "till-1",
        "business_date": TODAY,
        "events": 1,
        "total": 700_000,
    }
    return TillClosed(**(facts | other))


async def close(pool: Pool, *reports: TillClosed) -> list[Outcome]:
    return await hear(pool, closings.record_closings, *reports)


async def look(pool: Pool, at: datetime = NOON) -> list[Event]:
    """Rounds until nothing is left to do."""
    told: list[Event] = []
    more = True
    while more:
        async with pool.acquire() as tx, tx.transaction():
            more, events = await tills.look_once(tx, at, GRACE)
        told += events
    return told


async def hear_numbers(pool: Pool, *numbers: int, till: str = "till-1") -> None:
    """A transaction has booked facts with these numbers."""
    day = NOON.date()
    async with pool.acquire() as tx, tx.transaction():
        await add_heard(tx, [Heard("citos", till, day, 1, 1_000, seq, -seq) for seq in numbers])


async def park(pool: Pool, **other: Any) -> None:
    """A report of the till waits for a person."""
    message = received(a_sale(**other))
    async with pool.acquire() as tx, tx.transaction():
        await add_parked(tx, [of_refused(message, Rejected("amount_implausible", str(uuid4())))], NOON)


async def findings(pool: Pool, state: str = "open", **other: Any) -> list[Finding]:
    found = await do(pool, finding_views.list_findings, ListFindings(state=state, **other))
    return found.items


async def gaps(pool: Pool) -> list[Any]:
    """The numbers that open findings name as missing."""
    return [found.detail["numbers"] for found in await findings(pool, kind="sequence-gap")]


async def closing(pool: Pool) -> Closing:
    found = await do(pool, closing_views.list_closings, ListClosings(code="citos"))
    return found.items[0]


def of_kind(told: Sequence[Event], kind: type[E]) -> list[E]:
    return [one for one in told if isinstance(one, kind)]
