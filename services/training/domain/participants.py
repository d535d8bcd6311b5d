"""A list of participants: which column is what, and which of its lines are people who can be registered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from services.training.domain import cells, people
from services.training.domain.faults import invalid
from services.training.domain.nik import check_nik, doubts
from shared.contracts.training import RegisterMaker, Remark
from shared.contracts.training.imports import LineFault, Outcome
from shared.errors import Invalid

MOST_PEOPLE = 1_000
HEADING_WITHIN = 10
"""A title and a date may stand above the headings: within so many rows they are looked for."""

READ_AS: dict[str, Callable[[Any], Any]] = {
    "name": cells.text, "phone": cells.phone, "block": cells.text, "unit": cells.text, "nik": cells.nik,
    "birth_date": cells.day, "email": cells.text, "language": cells.language, "consents": cells.purposes,
    "since": cells.day,
}  # fmt: skip
NEEDED = ("name", "phone", "block", "unit")
HEADINGS = {name: name for name in READ_AS} | {
    "nama": "name", "nama lengkap": "name", "full name": "name", "telepon": "phone", "telp": "phone",
    "no telepon": "phone", "no telp": "phone", "nomor telepon": "phone", "no hp": "phone", "hp": "phone", "wa": "phone",
    "no wa": "phone", "whatsapp": "phone", "phone number": "phone", "blok": "block", "tower": "block",
    "no unit": "unit", "nomor unit": "unit", "no nik": "nik", "tanggal lahir": "birth_date", "tgl lahir": "birth_date",
    "birth date": "birth_date", "date of birth": "birth_date", "surel": "email", "e mail": "email",
    "bahasa": "language", "persetujuan": "consents", "consent": "consents", "sejak": "since",
    "tinggal sejak": "since",
}  # fmt: skip
NUMBERING = frozenset({"", "no", "nomor", "#"})
"""A column of running numbers says nothing, and nobody misses it."""

DATE_UNREADABLE = Remark(
    code="birth_date_unreadable", detail="the birth date cannot be read, so it was not compared with the NIK"
)


Key = tuple[str, str, str]


class Columns(NamedTuple):
    """`at`: where each field stands; `unknown`: headings that nobody here understands."""

    at: dict[str, int]
    unknown: list[str]


@dataclass(slots=True)
class Participant:
    """A line. `person`: who can be registered, with her `phone` in its one form; without her `faults` say why not."""

    line: int
    person: RegisterMaker | None = None
    phone: str = ""
    outcome: Outcome = "refused"
    maker_id: UUID | None = None
    faults: list[LineFault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def key(self) -> Key:
        assert self.person
        return person_key(self.person.name, self.phone, self.person.unit)


def person_key(name: str, phone: str, unit: str) -> Key:
    """What tells people apart who have no NIK, however it is written."""
    return (" ".join(name.split()).casefold(), phone, "".join(unit.split()).casefold())


def read_list(
    rusun: str, rows: Iterable[tuple[int, Sequence[Any]]], now: datetime
) -> tuple[list[str], list[Participant]]:
    """The headings that nobody understands, and every line. Raises Invalid for what is no list of participants."""
    columns: Columns | None = None
    found: list[Participant] = []
    for seen, (number, row) in enumerate(rows, start=1):
        if columns:
            found.append(_read_line(columns, row, Participant(number), {"rusun": rusun}, now))
            if len(found) > MOST_PEOPLE:
                raise invalid(("content", f"more than {MOST_PEOPLE} people: send it in parts"))
        elif seen > HEADING_WITHIN:
            break
        else:
            columns = _headings(row)
    if not columns:
        raise invalid(("content", f"no row of headings with {', '.join(NEEDED)} (or nama, telepon, blok, unit)"))
    return columns.unknown, found


def _headings(row: Sequence[Any]) -> Columns | None:
    """None when it is another row: one with a name and a phone is it, and then nothing needed may be missing."""
    at: dict[str, int] = {}
    unknown: list[str] = []
    for index, cell in enumerate(row):
        said = " ".join(str(cell or "").replace("_", " ").replace(".", " ").replace("-", " ").split()).casefold()
        name = HEADINGS.get(said) or HEADINGS.get(said.replace(" ", "_"))
        if name and name not in at:
            at[name] = index
        elif said not in NUMBERING:
            unknown.append(str(cell).strip()[:100])
    if not {"name", "phone"} <= at.keys():
        return None
    missing = [name for name in NEEDED if name not in at]
    if missing:
        raise invalid(*[(name, "there is no such column") for name in missing])
    return Columns(at, unknown)


def _read_line(
    columns: Columns, row: Sequence[Any], line: Participant, values: dict[str, Any], now: datetime
) -> Participant:
    for name, index in columns.at.items():
        try:
            value = READ_AS[name](row[index] if index < len(row) else None)
        except ValueError as spoiled:
            if name == "birth_date":
                line.remarks.append(DATE_UNREADABLE)
            else:
                line.faults.append(LineFault(field=name, reason=str(spoiled)))
            continue
        if value not in (None, ""):
            values[name] = value
    line.faults += [LineFault(field=name, reason="is missing") for name in NEEDED if _is_missing(name, values, line)]
    if not line.faults:
        _check(line, values, now)
    return line


def _is_missing(name: str, values: dict[str, Any], line: Participant) -> bool:
    return name not in values and name not in [fault.field for fault in line.faults]


def _check(line: Participant, values: dict[str, Any], now: datetime) -> None:
    """By the rules for everybody who is registered, all of them."""
    try:
        person = RegisterMaker.model_validate(values)
    except ValidationError as error:
        line.faults += [LineFault(field=str(one["loc"][0]), reason=one["msg"]) for one in error.errors()]
        return
    for check in (
        lambda: people.e164(person.phone),
        lambda: check_nik(person.nik) if person.nik else None,
        lambda: people.home_since(person.since, now),
    ):
        try:
            check()
        except Invalid as error:
            line.faults += [LineFault(**one) for one in error.errors]
    if not line.faults:
        line.person, line.phone = person, people.e164(person.phone)
        line.remarks += doubts(person.nik, person.birth_date)
