"""What an operator does about parked messages: try again, correct, choose, discard. Every act is written down."""

from typing import Any
from uuid import UUID

import structlog

from shared.contracts.message import Event
from shared.contracts.operations import (
    ChooseParked,
    CorrectParked,
    DiscardParked,
    Parked,
    RedriveAll,
    RedrivenAll,
    RedriveParked,
)
from shared.db import Row, Tx
from shared.errors import Invalid, NotFound, Rejected
from shared.runtime.envelope import Received
from shared.runtime.metrics import RESOLVED
from shared.runtime.operations.views import Views
from shared.runtime.parked import Act, storage
from shared.runtime.parked.acts import add_acts
from shared.runtime.parked.merge import merge
from shared.runtime.parked.message import OPEN
from shared.runtime.parked.views import count_others
from shared.runtime.redrive import Redriver

DISCARDED = "discarded"
log = structlog.get_logger(__name__)


class Desk:
    """The commands of one service."""

    def __init__(self, service: str, views: Views, redriver: Redriver) -> None:
        self._service, self._views, self._redriver = service, views, redriver

    async def redrive(self, command: Received[RedriveParked], tx: Tx) -> tuple[Parked, list[Event]]:
        row = await _lock_open(tx, command.data.parked_id)
        await self._redriver.attempt(tx, [row], Act("redriven", command.actor), command.now)
        return await self._views.whole(tx, row["id"]), []

    async def redrive_all(self, command: Received[RedriveAll], tx: Tx) -> tuple[RedrivenAll, list[Event]]:
        code = command.data.code
        rows = await storage.claim_open(tx, code, command.data.limit)
        passed = await self._redriver.attempt(tx, rows, Act("redriven", command.actor), command.now)
        left = await count_others(tx, code, [row["id"] for row in rows])
        return RedrivenAll(tried=len(rows), passed=passed, still_parked=len(rows) - passed, left=left), []

    async def correct(self, command: Received[CorrectParked], tx: Tx) -> tuple[Parked, list[Event]]:
        """Raises Invalid, naming the fields, when what comes of the change cannot be read; then nothing is changed."""
        row = await _lock_open(tx, command.data.parked_id)
        before, change = row["envelope"], command.data.change
        corrected = merge(before, change)
        if corrected == before:
            raise _unfit("change", "leaves the message as it is")
        if self._is_known(row, command):
            _refuse_another_name(before, corrected)
        message = self._redriver.read(row, corrected, command.now)
        await storage.mark_corrected(tx, row["id"], message)
        act = Act("corrected", command.actor, command.data.reason, change=change, before=before)
        _note(command, before, message)
        await self._redriver.attempt(tx, [await _lock_open(tx, row["id"])], act, command.now)
        return await self._views.whole(tx, row["id"]), []

    async def choose(self, command: Received[ChooseParked], tx: Tx) -> tuple[Parked, list[Event]]:
        row = await _lock_open(tx, command.data.parked_id)
        act = Act("chosen", command.actor, command.data.reason, chosen=command.data.right)
        if command.data.right == "parked":
            await self._redriver.attempt(tx, [row], act, command.now)
        else:
            await self._give_up(tx, row, act, f"what is recorded is right: {act.reason}", command)
        return await self._views.whole(tx, row["id"]), []

    async def discard(self, command: Received[DiscardParked], tx: Tx) -> tuple[Parked, list[Event]]:
        row = await _lock_open(tx, command.data.parked_id)
        act = Act(DISCARDED, command.actor, command.data.reason)
        await self._give_up(tx, row, act, act.reason, command)
        return await self._views.whole(tx, row["id"]), []

    async def _give_up(self, tx: Tx, row: Row, act: Act, resolution: str, command: Received[Any]) -> None:
        await storage.mark_discarded(tx, row["id"], act.actor, resolution, command.now)
        await add_acts(tx, act, [(row["id"], DISCARDED)], command.now)
        RESOLVED.labels(self._service, act.name).inc()

    def _is_known(self, row: Row, command: Received[Any]) -> bool:
        """Whether the message has a name in this house: it came through the inbox, or can be read as it is."""
        if row["event_id"] != row["id"]:
            return True
        try:
            self._redriver.read(row, row["envelope"], command.now)
        except Invalid:
            return False
        return True


async def _lock_open(tx: Tx, parked_id: UUID) -> Row:
    """Whoever comes second waits here, and finds it settled. Raises NotFound, Rejected."""
    row = await storage.lock_parked(tx, parked_id)
    if row is None:
        raise NotFound("parked_unknown", f"no parked message {parked_id}")
    if row["state"] not in OPEN:
        raise Rejected("parked_settled", f"this message is {row['state']} already")
    return row


def _refuse_another_name(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Raises Invalid: under another name it would be another message, and the first could come once more."""
    for name in ("id", "source"):
        if before.get(name) != after.get(name):
            raise _unfit(name, "stays as it is: it is the message's name")


def _unfit(field: str, reason: str) -> Invalid:
    return Invalid("invalid", f"{field}: {reason}", errors=[{"field": field, "reason": reason}])


def _note(command: Received[CorrectParked], before: dict[str, Any], message: Received[Any]) -> None:
    """With the outlets, when the report becomes another's: nobody may do that unseen."""
    said = before.get("data")
    named = said.get("outlet") if isinstance(said, dict) else None
    outlet = getattr(message.data, "outlet", None)
    log.warning(
        "parked_corrected",
        parked_id=str(command.data.parked_id),
        by=command.actor,
        type=message.data.wire,
        outlet=outlet,
        other_outlet_before=named != outlet,
    )
