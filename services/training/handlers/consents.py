"""Consents, each by itself: given and taken back."""

from collections.abc import Sequence

from services.training.domain.courses import CohortFacts
from services.training.domain.seats import Deed
from services.training.handlers.lines import lock_with_lines
from services.training.handlers.seats import offer_free_seats
from services.training.storage import consents as storage
from services.training.storage.consents import Said
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged, Purpose
from shared.contracts.training.consents import ChangeConsent, ConsentChange
from shared.db import Tx
from shared.runtime.envelope import Received


async def change_consent(command: Received[ChangeConsent], tx: Tx) -> tuple[ConsentChange, list[Event]]:
    """Who has not been asked has not agreed: to refuse then changes nothing either."""
    said = command.data
    cohorts = await lock_with_lines(tx, said.maker_id)
    standing = (await storage.list_standing(tx, said.maker_id)).get(said.purpose)
    about = {"maker_id": said.maker_id, "purpose": said.purpose, "granted": said.granted}
    if said.granted == bool(standing and standing.granted):
        return ConsentChange(**about, changed=False, since=standing.since if standing else None), []
    entry = Said(said.maker_id, said.purpose, said.granted, command.now, said.note or None)
    await storage.add_consents(tx, [entry], command.actor)
    changed = ConsentChanged(**about, at=command.now)
    offered = await _offers(command, cohorts, tx)
    return ConsentChange(**about, changed=True, since=command.now), [changed, *offered]


async def _offers(command: Received[ChangeConsent], cohorts: Sequence[CohortFacts], tx: Tx) -> list[Event]:
    """Where she waits a seat may have been free that was not offered to her as long as she did not agree."""
    if command.data.purpose is not Purpose.TRAINING or not command.data.granted:
        return []
    made = [await offer_free_seats(tx, cohort, Deed(command.now, command.actor)) for cohort in cohorts]
    return [event for _, events in made for event in events]
