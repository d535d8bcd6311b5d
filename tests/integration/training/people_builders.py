"""What tests of makers are made of: asking for their consents, moves, contacts and their end."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from services.training.handlers import anonymising, consents, contacts, homes
from services.training.views import consents as consent_views
from services.training.views import homes as home_views
from services.training.views import people as people_views
from shared.contracts.message import Event
from shared.contracts.training import GetMaker, Maker, MakerWritten, Purpose
from shared.contracts.training.consents import (
    ChangeConsent,
    ConsentChange,
    ConsentEntry,
    GetPublicNames,
    ListConsents,
    PublicName,
)
from shared.contracts.training.people import AnonymiseMaker, ChangeContact, Homes, ListHomes, MoveMaker
from shared.db import Pool
from tests.integration.training.builders import NOON, VAULT, do

change_contact = partial(contacts.change_contact, vault=VAULT)


async def say(
    pool: Pool, maker: UUID, purpose: Purpose, granted: bool, now: datetime = NOON, note: str | None = None
) -> tuple[ConsentChange, list[Event]]:
    said = ChangeConsent(maker_id=maker, purpose=purpose, granted=granted, note=note)
    return await do(pool, consents.change_consent, said, now)


async def history(pool: Pool, maker: UUID) -> list[ConsentEntry]:
    return (await do(pool, consent_views.list_consents, ListConsents(maker_id=maker))).items


async def public_names(pool: Pool, *makers: UUID) -> dict[UUID, PublicName]:
    found = await do(pool, consent_views.get_public_names, GetPublicNames(maker_ids=list(makers)))
    return {one.maker_id: one for one in found.items}


async def move(
    pool: Pool, maker: UUID, rusun: str, since: date, now: datetime = NOON, **door: Any
) -> tuple[Homes, list[Event]]:
    asked = MoveMaker.model_validate(
        {"maker_id": maker, "rusun": rusun, "block": "C", "unit": "3", "since": since} | door
    )
    return await do(pool, homes.move_maker, asked, now)


async def homes_of(pool: Pool, maker: UUID) -> Homes:
    return await do(pool, home_views.list_homes, ListHomes(maker_id=maker))


async def put_right(pool: Pool, maker: UUID, **fields: Any) -> MakerWritten:
    asked = ChangeContact.model_validate({"maker_id": maker} | fields)
    written, events = await do(pool, change_contact, asked)
    assert events == []
    return written


async def anonymise(pool: Pool, maker: UUID, now: datetime = NOON) -> tuple[Maker, list[Event]]:
    asked = AnonymiseMaker(maker_id=maker, reason="asked for it by letter")
    return await do(pool, anonymising.anonymise_maker, asked, now)


async def look(pool: Pool, maker: UUID, now: datetime = NOON) -> Maker:
    return await do(pool, people_views.get_maker, GetMaker(maker_id=maker), now)
