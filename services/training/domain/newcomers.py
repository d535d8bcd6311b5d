"""Who of a list is registered already, and who is new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.training.domain.participants import Key, Participant, person_key
from shared.contracts.training import Remark

NIK_NOT_KEPT = Remark(
    code="nik_not_kept", detail="she is registered without a NIK: when this is she, add it with her contact"
)

LIVES_THERE = Remark(
    code="name_and_unit_known", detail="somebody of this name is written down in this unit with another number"
)
"""Who was registered from an earlier list and has had her number put right is still on that list with the old one."""


class Known(NamedTuple):
    """Somebody of that name, number and unit."""

    maker_id: UUID
    has_nik: bool


@dataclass(slots=True)
class Register:
    """Who is known, by NIK and otherwise. It learns whom it lets in, so nobody on a list comes in twice."""

    by_nik: dict[str, UUID] = field(default_factory=dict)
    by_key: dict[Key, list[Known]] = field(default_factory=dict)
    by_door: set[tuple[str, str]] = field(default_factory=set)

    def know(self, name: str, phone: str, unit: str, maker: Known) -> None:
        key = person_key(name, phone, unit)
        self.by_key.setdefault(key, []).append(maker)
        self.by_door.add((key[0], key[2]))

    def find(self, line: Participant) -> UUID | None:
        """By her NIK; without one on either side by name, phone and unit. Two NIKs are two people."""
        assert line.person
        nik, alike = line.person.nik, self.by_key.get(line.key, [])
        if nik and nik in self.by_nik:
            return self.by_nik[nik]
        found = [maker for maker in alike if not (nik and maker.has_nik)]
        if found and nik:
            line.remarks.append(NIK_NOT_KEPT)
        return found[0].maker_id if found else None

    def let_in(self, line: Participant, maker_id: UUID) -> None:
        assert line.person
        person = line.person
        if (line.key[0], line.key[2]) in self.by_door:
            line.remarks.append(LIVES_THERE)
        if person.nik:
            self.by_nik[person.nik] = maker_id
        self.know(person.name, line.phone, person.unit, Known(maker_id, bool(person.nik)))


def sort_out(lines: Iterable[Participant], register: Register, ids: Mapping[int, UUID]) -> list[Participant]:
    """The new ones, each under the id that `ids` has for her line. Every readable line is told whose it is."""
    new = []
    for line in lines:
        if line.person:
            line.maker_id = register.find(line)
            line.outcome = "duplicate" if line.maker_id else "registered"
            if line.maker_id is None:
                line.maker_id = ids[line.line]
                register.let_in(line, line.maker_id)
                new.append(line)
    return new
