"""A smallest service, to try the runtime with: it adds what is counted, and fails in every way when told to."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.message import Command, Event, Part, Query
from shared.db import Tx, copy_rows
from shared.errors import Conflict, NotFound, NotYet, Rejected, Unavailable
from shared.runtime.envelope import Received, join, seal
from shared.runtime.handler import Caused, Outcome
from shared.runtime.service import Service


class Counted(Event, wire="probe.Counted.v1", about=("name",)):
    name: str
    amount: int


class Added(Event, wire="probe.Added.v1", about=("name",)):
    name: str
    amount: int


class Total(Part):
    entries: int
    amount: int


class Add(Command[Total], wire="probe.Add.v1"):
    name: str
    amount: int


class GetTotal(Query[Total], wire="probe.GetTotal.v1"):
    """Everything that was added."""


async def add(batch: Sequence[Received[Counted]], tx: Tx) -> list[Outcome]:
    for message in batch:
        await fail_if_told(message.data.name, tx)
    rows = [(m.id, m.data.name, m.data.amount) for m in batch]
    await copy_rows(tx, "entry", ("id", "name", "amount"), rows)
    return [Caused(m, Added(name=m.data.name, amount=m.data.amount)) for m in batch]


FAULTS: dict[str, Exception] = {
    "rejected": Rejected("too_much", "a rule says no"),
    "missing": NotFound("not_there", "nothing of that name"),
    "conflict": Conflict("other_facts", "it was something else before"),
    "bug": ZeroDivisionError("a secret of the inside"),
}
UNTIL_ARRIVED: dict[str, Exception] = {
    "later": NotYet("not_arrived", "what it needs has not arrived"),
    "away": Unavailable("away", "a server is away"),
}


async def fail_if_told(name: str, tx: Tx) -> None:
    if name in FAULTS:
        raise FAULTS[name]
    if name in UNTIL_ARRIVED and not await tx.fetchval("SELECT 1 FROM arrived"):
        raise UNTIL_ARRIVED[name]
    if name == "slow":
        await asyncio.sleep(0.3)


async def add_one(command: Received[Add], tx: Tx) -> tuple[Total, list[Event]]:
    await fail_if_told(command.data.name, tx)
    await copy_rows(tx, "entry", ("id", "name", "amount"), [(command.id, command.data.name, command.data.amount)])
    return await _total(tx), [Added(name=command.data.name, amount=command.data.amount)]


async def get_total(query: Received[GetTotal], tx: Tx) -> Total:
    return await _total(tx)


async def _total(tx: Tx) -> Total:
    row = await tx.fetchrow("SELECT count(*) AS entries, coalesce(sum(amount), 0) AS amount FROM entry")
    assert row is not None
    return Total(entries=row["entries"], amount=row["amount"])


PROBE = Service("probe", events={Counted: add}, commands={Add: add_one}, queries={GetTotal: get_total})


def counted(*names: str, at: datetime | None = None) -> tuple[list[UUID], bytes]:
    """The ids, and the body of a batch of one event for each name."""
    sealed = [seal(Counted(name=name, amount=1), "probe", at or datetime.now(UTC)) for name in names]
    return [s.id for s in sealed], join([s.envelope for s in sealed])


__all__ = ["PROBE", "Add", "Added", "Counted", "GetTotal", "counted"]
