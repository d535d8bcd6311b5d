"""Anonymising a maker: nobody can tell any more who she was, and nothing of hers changes afterwards."""

from services.training.domain.calendar import jakarta_day
from services.training.domain.seats import Deed
from services.training.handlers.lines import lock_with_lines
from services.training.handlers.seats import leave_lines
from services.training.storage import anonymising as storage
from services.training.storage import consents, makers
from services.training.storage.consents import Said
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged, Maker, MakerAnonymised
from shared.contracts.training.people import AnonymiseMaker
from shared.db import Tx
from shared.runtime.envelope import Received


async def anonymise_maker(command: Received[AnonymiseMaker], tx: Tx) -> tuple[Maker, list[Event]]:
    """Takes back every consent that stands, lets her leave every line, and empties every place that holds her."""
    maker_id, at = command.data.maker_id, command.now
    cohorts = await lock_with_lines(tx, maker_id)
    standing = (await consents.list_standing(tx, maker_id)).values()
    ended = [Said(maker_id, consent.purpose, False, at) for consent in standing if consent.granted]
    await consents.add_consents(tx, ended, command.actor)
    await storage.mark_anonymised(tx, maker_id, at, command.actor, command.data.reason)
    left = await leave_lines(tx, cohorts, maker_id, Deed(at, command.actor))
    for forget in storage.FORGETTING:
        await forget(tx, maker_id)
    withdrawn = [ConsentChanged(maker_id=maker_id, purpose=one.purpose, granted=False, at=at) for one in ended]
    maker = await makers.get_maker(tx, maker_id, jakarta_day(at))
    assert maker is not None  # it is locked
    return maker, [*withdrawn, *left, MakerAnonymised(maker_id=maker_id, at=at)]
