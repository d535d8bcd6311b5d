"""What submissions are judged by, and how reasons are worded."""

from services.catalog.domain import criteria as domain
from services.catalog.storage import Mark
from services.catalog.storage import criteria as storage
from shared.contracts.catalog import Criteria, ReasonTag, SetCriteria, SetReasonTag
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import Conflict
from shared.runtime.envelope import Received


async def set_criteria(command: Received[SetCriteria], tx: Tx) -> tuple[Criteria, list[Event]]:
    """They judge what is handed in from their first moment on."""
    wanted = command.data
    domain.check_criteria(wanted, command.now)
    whole = domain.rule_for(wanted, await storage.get_criteria(tx, wanted.valid_from))
    if not await storage.add_criteria(tx, whole, Mark(by=command.actor, at=command.now)):
        raise Conflict("criteria_already_set", "other criteria begin at the same moment; criteria are never changed")
    criteria = await storage.get_criteria(tx, wanted.valid_from)
    return criteria.model_copy(update={"in_force": wanted.valid_from <= command.now}), []


async def set_reason_tag(command: Received[SetReasonTag], tx: Tx) -> tuple[ReasonTag, list[Event]]:
    """What makers were told before keeps its words."""
    tag = ReasonTag.model_validate(command.data.model_dump())
    await storage.mark_reason_tag(tx, tag, Mark(by=command.actor, at=command.now))
    return tag, []
