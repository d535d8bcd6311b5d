"""Putting right what was written of a maker: a name, a number, an address, a language, a NIK."""

from services.training.domain import people
from services.training.domain.calendar import jakarta_day
from services.training.domain.nik import check_nik, doubts
from services.training.handlers.people import keep_nik, lock_maker
from services.training.storage import makers
from services.training.storage import people as storage
from services.training.storage.people import Contact
from services.training.vault import Vault
from shared.contracts.message import Event
from shared.contracts.training import MakerWritten
from shared.contracts.training.people import ChangeContact
from shared.db import Tx
from shared.runtime.envelope import Received


async def change_contact(
    command: Received[ChangeContact], tx: Tx, *, vault: Vault | None
) -> tuple[MakerWritten, list[Event]]:
    """Nobody is told: who writes to her asks for her contact at that moment."""
    asked = command.data
    maker_id = asked.maker_id
    phone = people.e164(asked.phone) if asked.phone else None
    nik = check_nik(asked.nik) if asked.nik else None
    await lock_maker(tx, maker_id)
    now_phone = await storage.mark_contact(tx, maker_id, Contact(asked.name, phone, asked.email, asked.language))
    if nik:
        await storage.drop_nik(tx, maker_id)
        await keep_nik(tx, maker_id, nik, vault)
    remarks = people.shared_phone(await storage.count_others(tx, maker_id, now_phone))
    remarks += doubts(nik, asked.birth_date)
    maker = await makers.get_maker(tx, maker_id, jakarta_day(command.now))
    assert maker is not None  # it is locked
    return MakerWritten(**maker.model_dump(), warnings=remarks), []
