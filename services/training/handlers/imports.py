"""Taking in a list of participants: who is on it already stays, a line that cannot be read stops no other."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from services.training.domain import people
from services.training.domain.newcomers import Known, Register, sort_out
from services.training.domain.participants import Participant, read_list
from services.training.domain.people import Rusun
from services.training.handlers.people import find_rusun
from services.training.spreadsheet import read_rows
from services.training.storage import consents
from services.training.storage import imports as storage
from services.training.storage.consents import Said
from services.training.storage.imports import NewMaker
from services.training.vault import SealedNik, Vault
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged, MakerRegistered
from shared.contracts.training.imports import ImportedLine, ImportMakers, ImportReport, LineFault
from shared.db import Tx
from shared.runtime.envelope import Received, named_id

NO_KEY = LineFault(field="nik", reason="this system has no key to keep a NIK with")
BY_LIST = "from a list of participants"
Niks = dict[UUID, SealedNik]


async def import_makers(
    command: Received[ImportMakers], tx: Tx, *, vault: Vault | None
) -> tuple[ImportReport, list[Event]]:
    """The same list again registers nobody again, and a dry run nobody at all. Raises Invalid for what is no list."""
    asked = command.data
    rusun = await find_rusun(tx, asked.rusun)
    # In a thread: a large file would hold up the other requests of this process.
    unknown, lines = await asyncio.to_thread(_read, command)
    ids = {line.line: named_id(command.id, "line", line.line) for line in lines}
    niks = _seal(lines, ids, vault)
    await storage.lock_rusun(tx, rusun.code)
    register, phones = await _get_register(tx, rusun.code, lines, niks, ids)
    new = sort_out(lines, register, ids)
    _note_shared(lines, new, phones)
    events: list[Event] = []
    if not asked.dry_run:
        await _add_makers(tx, command, lines, niks)
        events = await _add_what_is_theirs(tx, command, rusun, lines)
    return _report(command, unknown, lines), events


def _read(command: Received[ImportMakers]) -> tuple[list[str], list[Participant]]:
    asked = command.data
    return read_list(asked.rusun, read_rows(asked.media_type, asked.content), command.now)


def _seal(lines: Sequence[Participant], ids: dict[int, UUID], vault: Vault | None) -> Niks:
    """By the id that each would be registered under. Without a key such a line is refused."""
    niks: Niks = {}
    for line in lines:
        if line.person and line.person.nik:
            if vault:
                niks[ids[line.line]] = vault.seal(line.person.nik, ids[line.line])
            else:
                line.person = None
                line.faults.append(NO_KEY)
    return niks


async def _get_register(
    tx: Tx, rusun: str, lines: Sequence[Participant], niks: Niks, ids: dict[int, UUID]
) -> tuple[Register, dict[str, int]]:
    """Who is known of those on the list, and how many have each of their numbers."""
    phones = sorted({line.phone for line in lines if line.person})
    known = await storage.list_known_niks(tx, [nik.fingerprint for nik in niks.values()])
    register = Register()
    for line in lines:
        nik = niks.get(ids[line.line])
        if line.person and line.person.nik and nik and nik.fingerprint in known:
            register.by_nik[line.person.nik] = known[nik.fingerprint]
    units = sorted({line.person.unit for line in lines if line.person})
    for row in await storage.list_known_homes(tx, rusun, phones, units):
        register.know(row["name"], row["phone"], row["unit"], Known(row["maker_id"], row["has_nik"]))
    return register, await storage.count_phones(tx, phones)


def _note_shared(lines: Sequence[Participant], new: Sequence[Participant], phones: dict[str, int]) -> None:
    """As if all of them were registered."""
    having = Counter(phones) + Counter([line.phone for line in new])
    for line in lines:
        line.remarks += people.shared_phone(having[line.phone] - 1) if line.person else []


async def _add_makers(tx: Tx, command: Received[ImportMakers], lines: Sequence[Participant], niks: Niks) -> None:
    """Whom somebody else has registered under the same NIK since we looked is a duplicate after all."""
    new = _new_makers(command, lines)
    await storage.add_makers(tx, new, command.now, command.actor)
    hers = {maker.maker_id: niks[maker.maker_id] for maker in new if maker.maker_id in niks}
    lost = hers.keys() - await storage.add_niks(tx, hers)
    if lost:
        await storage.drop_makers(tx, list(lost))
        owners = await storage.list_known_niks(tx, [hers[maker].fingerprint for maker in lost])
        for line in lines:
            if line.maker_id in lost:
                line.outcome, line.maker_id = "duplicate", owners[hers[line.maker_id].fingerprint]


async def _add_what_is_theirs(
    tx: Tx, command: Received[ImportMakers], rusun: Rusun, lines: Sequence[Participant]
) -> list[Event]:
    """Homes and consents, and what is told of them."""
    at, makers = command.now, _new_makers(command, lines)
    await storage.add_homes(tx, rusun.code, makers, at, command.actor)
    said = [
        Said(line.maker_id, purpose, True, at, BY_LIST)
        for line in lines
        if line.outcome == "registered" and line.person and line.maker_id
        for purpose in sorted(set(line.person.consents))
    ]
    await consents.add_consents(tx, said, command.actor)
    registered = [
        MakerRegistered(maker_id=maker.maker_id, rusun=rusun.code, cooperative=rusun.cooperative, since=maker.since)
        for maker in makers
    ]
    agreed = [ConsentChanged(maker_id=one.maker_id, purpose=one.purpose, granted=True, at=at) for one in said]
    return [*registered, *agreed]


def _new_makers(command: Received[ImportMakers], lines: Sequence[Participant]) -> list[NewMaker]:
    return [
        NewMaker(
            line.maker_id,
            line.person.name,
            line.phone,
            line.person.email,
            line.person.language,
            people.home_since(line.person.since, command.now),
            line.person.block,
            line.person.unit,
        )
        for line in lines
        if line.outcome == "registered" and line.person and line.maker_id
    ]


def _report(command: Received[ImportMakers], unknown: list[str], lines: Sequence[Participant]) -> ImportReport:
    """A dry run names nobody who is not registered."""
    outcomes = Counter([line.outcome for line in lines])
    dry = command.data.dry_run
    nobody_yet = {line.maker_id for line in lines if dry and line.outcome == "registered"}
    return ImportReport(
        rusun=command.data.rusun,
        dry_run=dry,
        registered=outcomes["registered"],
        duplicates=outcomes["duplicate"],
        refused=outcomes["refused"],
        unknown_columns=unknown,
        lines=[
            ImportedLine(
                line=line.line,
                outcome=line.outcome,
                maker_id=None if line.maker_id in nobody_yet else line.maker_id,
                errors=line.faults,
                warnings=line.remarks,
            )
            for line in lines
        ],
    )
