"""Consents, each by itself: given and taken back."""

from services.training.handlers.people import lock_maker
from services.training.storage import consents as storage
from services.training.storage.consents import Said
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged
from shared.contracts.training.consents import ChangeConsent, ConsentChange
from shared.db import Tx
from shared.runtime.envelope import Received


async def change_consent(command: Received[ChangeConsent], tx: Tx) -> tuple[ConsentChange, list[Event]]:
    """Who has not been asked has not agreed: to refuse then changes nothing either."""
    said = command.data
    await lock_maker(tx, said.maker_id)
    standing = (await storage.list_standing(tx, said.maker_id)).get(said.purpose)
    about = {"maker_id": said.maker_id, "purpose": said.purpose, "granted": said.granted}
    if said.granted == bool(standing and standing.granted):
        return ConsentChange(**about, changed=False, since=standing.since if standing else None), []
    entry = Said(said.maker_id, said.purpose, said.granted, command.now, said.note or None)
    await storage.add_consents(tx, [entry], command.actor)
    changed = ConsentChanged(**about, at=command.now)
    return ConsentChange(**about, changed=True, since=command.now), [changed]
