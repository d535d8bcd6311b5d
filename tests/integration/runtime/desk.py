"""A service with an operator's desk, without a broker: it takes tills' reports and refuses them in every way."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from shared.contracts.catalog import PriceChanged
from shared.contracts.message import Part, Request
from shared.contracts.operations import GetParked, ListParked, Parked, ParkedIn
from shared.contracts.outlets import ReturnReported, SaleReported
from shared.contracts.sales import ReportParked
from shared.db import Pool, Row, Tx
from shared.errors import KINDS, Conflict, NotYet, Reason, Rejected
from shared.runtime import operations, parked
from shared.runtime.envelope import Arrival, Received, new_id
from shared.runtime.handler import Ignored, Outcome, Refused, one_at_a_time
from shared.runtime.parked import ParkedMessage
from shared.runtime.redrive import Redriver
from shared.runtime.requests import PROBLEM
from shared.runtime.responder import Responder
from shared.runtime.store import Store
from tests.unit.runtime.test_decode import a_report, encoded

R = TypeVar("R", bound=Part)
ANI, BUDI = "coordinator:ani", "coordinator:budi"
REASONS = {"sku_unknown": Reason("Nobody has approved the product.", "Approve it.")}
SHORT = timedelta(minutes=10)


async def record(batch: Sequence[Received[SaleReported]], tx: Tx) -> list[Outcome]:
    """Writes a sale down; what its receipt and SKU say decides otherwise."""
    outcomes: list[Outcome] = []
    for sale in batch:
        error = await refusal(sale, tx)
        if error:
            outcomes.append(Refused(sale, error))
        elif sale.data.receipt == "bug":
            raise ZeroDivisionError("a secret of the inside")
        elif sale.data.receipt == "known":
            outcomes.append(Ignored(sale, "same_line"))
        else:
            note = "overruled" if sale.overrules else sale.data.sku
            await tx.execute("INSERT INTO entry VALUES (gen_random_uuid(), $1, $2)", note, sale.data.unit_price)
            if sale.data.serial:
                await parked.wake(tx, "serial_unknown", sale.now, serials=[sale.data.serial])
    return outcomes


async def refusal(sale: Received[SaleReported], tx: Tx) -> NotYet | Rejected | None:
    arrived = await tx.fetchval("SELECT 1 FROM arrived WHERE name = $1", sale.data.sku)
    if sale.data.sku != "BTK-0007" and not arrived:
        return NotYet("sku_unknown", f"no {sale.data.sku}", SHORT if sale.data.sku == "SOON" else None)
    if sale.data.receipt == "taken" and not sale.overrules:
        return Conflict("line_changed", "it is recorded with other facts")
    if sale.data.receipt == "never":
        return Rejected("never", "nobody may")
    return None


async def take_back(batch: Sequence[Received[ReturnReported]], tx: Tx) -> list[Outcome]:
    """A piece comes back only after it was sold: none ever was."""
    return [Refused(m, NotYet("serial_unknown", "no such piece was sold")) for m in batch]


@one_at_a_time
async def change_price(event: Received[PriceChanged], tx: Tx) -> list[Any]:
    await tx.execute("INSERT INTO entry VALUES ($1, 'price', $2)", event.id, event.data.price)
    return []


def announce(message: ParkedMessage) -> ReportParked:
    state: Any = message.state
    error = message.error
    return ReportParked(
        parked_id=message.id, report_type=message.type, report="", kind=error.kind, code=error.code, state=state
    )


@dataclass
class Desk:
    """`at` is the time that everybody there reads."""

    pool: Pool
    at: datetime = datetime(2026, 11, 21, 10, tzinfo=UTC)
    stores: list[Store] = field(default_factory=list)

    def __post_init__(self) -> None:
        reports = {SaleReported: record, ReturnReported: take_back}
        for handlers in (reports, {PriceChanged: change_price}):
            self.stores.append(Store("probe", cast(Any, handlers), announce, lambda: self.at))
        self.redriver = Redriver("probe", self.stores)
        commands = operations.commands("probe", REASONS, self.redriver)
        self._responder = Responder("probe", commands, operations.queries(REASONS), lambda: self.at)

    async def bring(self, *items: Any, arrival: Arrival = Arrival(7)) -> None:  # noqa: B008 - it is frozen
        store = self.stores[0]
        await store.store(self.pool, store.decoder.decode(encoded(*items), self.at, arrival))

    async def wait(self, **time: float) -> int:
        """Lets time pass, and the runtime try what is due then."""
        self.at += timedelta(**time)
        return await self.redriver.round(self.pool, self.at)

    async def ask(self, request: Request[R], actor: str = ANI, key: UUID | None = None) -> R:
        """As the broker would bring it. Raises the KaryaError that was answered."""
        at, name = self.at.isoformat(), str(key or new_id())
        envelope = {"specversion": "1.0", "id": name, "source": "/tests", "type": request.wire, "time": at}
        body = json.dumps(envelope | {"actor": actor, "data": request.model_dump(mode="json")})
        answer, content_type, _ = await self._responder.respond(self.pool, body.encode())
        if content_type == PROBLEM:
            problem = json.loads(answer)
            error = KINDS[problem["kind"]](problem["code"], problem["detail"])
            error.errors = problem.get("errors", [])
            raise error
        return cast(R, request.reply().model_validate_json(answer))

    async def parked(self, state: ParkedIn = "open") -> list[Parked]:
        """The oldest first, each with its history."""
        page = await self.ask(ListParked(state=state, limit=500))
        return [await self.ask(GetParked(parked_id=one.parked_id)) for one in reversed(page.items)]

    async def only(self, state: ParkedIn = "all") -> Parked:
        found = await self.parked(state)
        assert len(found) == 1
        return found[0]

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self.pool.fetch(sql, *args)

    async def entries(self) -> list[str]:
        return [row["name"] for row in await self.fetch("SELECT name FROM entry ORDER BY name")]

    async def arrived(self, sku: str) -> None:
        await self.pool.execute("INSERT INTO arrived VALUES ($1)", sku)

    async def announced(self) -> list[tuple[str, str]]:
        """(code, state) of each announcement, in order."""
        rows = await self.fetch("SELECT envelope FROM event_log ORDER BY recorded_at, id")
        told = [ReportParked.model_validate(json.loads(row["envelope"])["data"]) for row in rows]
        return [(one.code, one.state) for one in told]


def a_sale(number: int = 1, **data: Any) -> dict[str, Any]:
    """A till's report with an id of its own."""
    return a_report(**data) | {"id": f"sale-{number}"}


def acts(one: Parked) -> list[tuple[str, str, str]]:
    """(act, who, what came of it)."""
    assert one.history is not None
    return [(act.act, act.actor, act.outcome) for act in one.history]
