"""Registering rusun and makers, and putting right what was written of a maker."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain import people
from services.training.domain.nik import check_nik, doubts, masked
from services.training.domain.people import Rusun
from services.training.storage import consents, homes
from services.training.storage import people as storage
from services.training.storage.consents import Said
from services.training.storage.homes import NewHome
from services.training.vault import Vault
from shared.contracts import training as contract
from shared.contracts.message import Event
from shared.contracts.training import (
    Consent,
    ConsentChanged,
    MakerRegistered,
    MakerWritten,
    Purpose,
    RegisterMaker,
    RegisterRusun,
)
from shared.db import Row, Tx
from shared.errors import Conflict, NotFound, Rejected
from shared.runtime.envelope import Received


async def register_rusun(command: Received[RegisterRusun], tx: Tx) -> tuple[contract.Rusun, list[Event]]:
    """A code is given once, to a rusun and to a cooperative; one cooperative may serve several rusun."""
    rusun = contract.Rusun.model_validate(command.data.model_dump())
    await storage.add_cooperative(tx, rusun.cooperative, rusun.cooperative_name)
    if await storage.get_cooperative_name(tx, rusun.cooperative) != rusun.cooperative_name:
        raise Conflict("cooperative_differs", f"Cooperative {rusun.cooperative} has another name here")
    if not await storage.add_rusun(tx, rusun, command.now, command.actor):
        raise Conflict("rusun_taken", f"A rusun {rusun.code} is registered already")
    return rusun, []


async def register_maker(
    command: Received[RegisterMaker], tx: Tx, *, vault: Vault | None
) -> tuple[MakerWritten, list[Event]]:
    """The command's id becomes hers. Without a `vault` no NIK is taken."""
    since = people.home_since(command.data.since, command.now)
    maker = _new_maker(command)
    rusun = await find_rusun(tx, command.data.rusun)
    await storage.add_maker(tx, maker, command.actor)
    home = NewHome(maker.maker_id, since, maker.rusun, maker.block, maker.unit)
    await homes.add_home(tx, home, command.now, command.actor)
    said = [Said(maker.maker_id, consent.purpose, consent.granted, consent.since) for consent in maker.consents]
    await consents.add_consents(tx, said, command.actor)
    if command.data.nik:
        await keep_nik(tx, maker.maker_id, command.data.nik, vault)
    remarks = people.shared_phone(await storage.count_others(tx, maker.maker_id, maker.phone))
    remarks += doubts(command.data.nik, command.data.birth_date)
    registered = MakerRegistered(maker_id=maker.maker_id, rusun=rusun.code, cooperative=rusun.cooperative, since=since)
    return maker.model_copy(update={"warnings": remarks}), [registered, *_agreed(said)]


async def find_rusun(tx: Tx, code: str) -> Rusun:
    """Raises NotFound."""
    rusun = await storage.get_rusun(tx, code)
    if rusun is None:
        raise NotFound("rusun_not_found", f"There is no rusun {code}")
    return rusun


async def lock_maker(tx: Tx, maker_id: UUID) -> Row:
    """Hers until the transaction ends. Raises NotFound, and Rejected when she is anonymised."""
    maker = await storage.lock_maker(tx, maker_id)
    if maker is None:
        raise NotFound("maker_not_found", f"There is no maker {maker_id}")
    if maker["anonymised_at"]:
        raise _anonymised(maker_id)
    return maker


async def lock_trainee(tx: Tx, maker_id: UUID) -> None:
    """As `lock_maker`. Raises Rejected for her who takes part no longer: she may come back by agreeing again."""
    await lock_maker(tx, maker_id)
    consent = (await consents.list_standing(tx, maker_id)).get(Purpose.TRAINING)
    if consent and not consent.granted:
        raise Rejected("training_consent_withdrawn", f"Maker {maker_id} has taken back her consent to be trained")


async def refuse_anonymised(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """Raises Rejected, naming the first of them."""
    for maker_id in await storage.list_anonymised(tx, maker_ids):
        raise _anonymised(maker_id)


def _anonymised(maker_id: UUID) -> Rejected:
    return Rejected("maker_anonymised", f"Maker {maker_id} is anonymised: nothing of hers changes any more")


async def keep_nik(tx: Tx, maker_id: UUID, nik: str, vault: Vault | None) -> None:
    """Raises Rejected when there is no key to seal it with, Conflict when it is another maker's."""
    if vault is None:
        raise Rejected("nik_not_configured", "This system has no key to keep a NIK with")
    if not await storage.add_nik(tx, maker_id, vault.seal(nik, maker_id)):
        raise Conflict("nik_taken", "Another maker is registered with this NIK")


def _agreed(said: list[Said]) -> list[Event]:
    return [ConsentChanged(maker_id=one.maker_id, purpose=one.purpose, granted=True, at=one.at) for one in said]


def _new_maker(command: Received[RegisterMaker]) -> MakerWritten:
    data = command.data
    nik = check_nik(data.nik) if data.nik else None
    return MakerWritten(
        maker_id=command.id,
        name=data.name,
        phone=people.e164(data.phone),
        email=data.email,
        language=data.language,
        rusun=data.rusun,
        block=data.block,
        unit=data.unit,
        nik=masked(nik),
        consents=[Consent(purpose=p, granted=True, since=command.now) for p in sorted(set(data.consents))],
        registered_at=command.now,
    )
