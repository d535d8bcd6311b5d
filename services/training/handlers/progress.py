"""The order of the programme's steps, and what people record of makers' progress."""

from typing import Any
from uuid import UUID

from services.training.domain import progress
from services.training.domain.calendar import jakarta_day
from services.training.handlers.people import lock_maker
from services.training.storage import progress as storage
from services.training.storage.progress import Recorded
from shared.contracts.message import Event
from shared.contracts.training.progress import (
    MakerReachedStep,
    MakerStepWithdrawn,
    ProgrammeStepsSet,
    RecordStep,
    SetProgrammeSteps,
    StepOrder,
    StepRecord,
    WithdrawStep,
)
from shared.db import Tx
from shared.errors import Conflict, NotFound, Rejected
from shared.runtime.envelope import Received


async def set_programme_steps(command: Received[SetProgrammeSteps], tx: Tx) -> tuple[StepOrder, list[Event]]:
    """One order for a day: a later decision is valid from a later day."""
    wanted = command.data
    progress.check_order(wanted.steps)
    if not await storage.add_order(tx, wanted.valid_from, command.now, command.actor):
        raise Conflict("order_exists", f"There is an order of the steps from {wanted.valid_from.isoformat()} on")
    await storage.add_steps(tx, wanted.valid_from, wanted.steps)
    told = ProgrammeStepsSet(valid_from=wanted.valid_from, steps=wanted.steps)
    return StepOrder(valid_from=wanted.valid_from, steps=wanted.steps, set_by=command.actor), [told]


async def record_step(command: Received[RecordStep], tx: Tx) -> tuple[StepRecord, list[Event]]:
    """What was recorded before stays: of several days the earliest counts."""
    said = command.data
    progress.check_past("reached_on", said.reached_on, jakarta_day(command.now))
    progress.check_step(said.step, await storage.list_order(tx, said.reached_on))
    await check_maker(tx, said.maker_id)
    await storage.add_record(tx, command)
    record = Recorded(command.id, said.maker_id, said.step, said.reached_on)
    told = MakerReachedStep(fact_id=command.id, maker_id=said.maker_id, step=said.step, reached_on=said.reached_on)
    return await _show(tx, record), [told]


async def withdraw_step(command: Received[WithdrawStep], tx: Tx) -> tuple[StepRecord, list[Event]]:
    """It stays readable, with the reason."""
    record = await storage.get_record(tx, command.data.record_id)
    if record is None or record.maker_id != command.data.maker_id:
        raise NotFound("record_not_found", "This maker has no such record of a step")
    await withdraw(command, tx, record.record_id, command.data.reason)
    told = MakerStepWithdrawn(fact_id=record.record_id, maker_id=record.maker_id, step=record.step)
    return await _show(tx, record), [told]


async def withdraw(command: Received[Any], tx: Tx, record_id: UUID, reason: str) -> None:
    """Of a step or a visit. Raises Rejected when it was done before."""
    if not await storage.add_withdrawal(tx, record_id, reason, command.now, command.actor):
        raise Rejected("already_withdrawn", "This was withdrawn before")


async def check_maker(tx: Tx, maker_id: UUID) -> None:
    """Locked: nothing is written of somebody who is being forgotten. Raises NotFound, and Rejected when she is."""
    await lock_maker(tx, maker_id)


async def _show(tx: Tx, record: Recorded) -> StepRecord:
    since = progress.earliest(await storage.list_facts(tx, record.maker_id))
    return StepRecord(**record._asdict(), since=since.get(record.step))
