"""Registering rusun and makers."""

from services.training.domain import people
from services.training.domain.people import Rusun
from services.training.storage import people as storage
from services.training.vault import Vault
from shared.contracts import training as contract
from shared.contracts.message import Event
from shared.contracts.training import Consent, Maker, MakerRegistered, RegisterMaker, RegisterRusun
from shared.db import Tx
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


async def register_maker(command: Received[RegisterMaker], tx: Tx, *, vault: Vault | None) -> tuple[Maker, list[Event]]:
    """The command's id becomes hers. Without a `vault` no NIK is taken."""
    since = people.home_since(command.data.since, command.now)
    maker = _new_maker(command)
    rusun = await find_rusun(tx, command.data.rusun)
    await storage.add_maker(tx, maker, command.actor)
    await storage.add_home(tx, maker, since)
    await storage.add_consents(tx, maker, command.actor)
    if command.data.nik:
        await _keep_nik(tx, maker, command.data.nik, vault)
    registered = MakerRegistered(maker_id=maker.maker_id, rusun=rusun.code, cooperative=rusun.cooperative, since=since)
    return maker, [registered]


async def find_rusun(tx: Tx, code: str) -> Rusun:
    """Raises NotFound."""
    rusun = await storage.get_rusun(tx, code)
    if rusun is None:
        raise NotFound("rusun_not_found", f"There is no rusun {code}")
    return rusun


def _new_maker(command: Received[RegisterMaker]) -> Maker:
    data = command.data
    nik = people.check_nik(data.nik) if data.nik else None
    return Maker(
        maker_id=command.id,
        name=data.name,
        phone=people.e164(data.phone),
        email=data.email,
        language=data.language,
        rusun=data.rusun,
        block=data.block,
        unit=data.unit,
        nik=people.masked(nik),
        consents=[Consent(purpose=p, granted=True, since=command.now) for p in sorted(set(data.consents))],
        registered_at=command.now,
    )


async def _keep_nik(tx: Tx, maker: Maker, nik: str, vault: Vault | None) -> None:
    if vault is None:
        raise Rejected("nik_not_configured", "This system has no key to keep a NIK with")
    if not await storage.add_nik(tx, maker.maker_id, vault.seal(nik, maker.maker_id)):
        raise Conflict("nik_taken", "Another maker is registered with this NIK")
