"""Seals of the ledger, and whether they hold."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from services.sales.domain.seals import Fault, check_chain, check_parts
from services.sales.domain.seals import Seal as Sealed
from services.sales.storage import reading
from services.sales.storage import seals as storage
from services.sales.storage.reading import Reader
from shared.contracts.sales.books import ListSeals, Seal, Seals
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_seals(query: Received[ListSeals], tx: Tx) -> Seals:
    """The latest first."""
    asked = query.data
    rows = await storage.list_seals(tx, decode_number(asked.cursor), asked.limit + 1)
    shown = rows[: asked.limit]
    return Seals(
        unsealed=await storage.count_unsealed(tx),
        items=[Seal(**{**row, "hash": row["hash"].hex(), "previous": row["previous"].hex()}) for row in shown],
        next=encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None,
    )


@dataclass(slots=True)
class Checked:
    """How far the chain was looked at. `noted`: whether the hash that somebody had noted is in it."""

    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    last: Sealed | None = None
    noted: bool = False
    faults: list[Fault] = field(default_factory=list)


async def check(tx: Tx, noted: str | None = None) -> AsyncIterator[Checked]:
    """The chain computed anew, seal by seal, with what was found until then. `tx`: a look at one moment."""
    found = Checked()
    for no in await storage.list_numbers(tx):
        seal = await storage.get_seal(tx, no)
        after = found.last.upto if found.last else storage.LOWEST
        parts = {part.part: part for part in await storage.digest(tx, after, seal.upto)}
        found.faults += [*check_chain(found.last, seal), *check_parts(seal, parts)]
        found.seals += 1
        found.entries += seal.entries
        found.noted = found.noted or seal.hash.hex() == noted
        found.last = seal
        yield found
    position = (await reading.get_reading(tx, Reader.SEALS)).position
    day, no, upto = (found.last.day, found.last.no, found.last.upto) if found.last else (None, 0, 0)
    if upto < position:
        found.faults.append(Fault(day, no, "seal edited: one is missing after it"))
    found.unsealed = await storage.count_unsealed(tx)
    yield found
