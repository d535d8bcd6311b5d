"""Lists of participants: headings, lines that are people, lines that are not, and who is on it twice."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.training.domain.newcomers import Known, Register, sort_out
from services.training.domain.participants import MOST_PEOPLE, Participant, read_list
from shared.contracts.training import Purpose
from shared.errors import Invalid

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
HEAD = ("No.", "Nama", "No. HP", "Blok", "Unit", "NIK", "Tgl_Lahir")
ANI = (1, "Ibu Ani", "0812 3456 7890", "A", "12", "3175074508900001", "5/8/1990")
SOMEBODY = UUID(int=7)


def read(*rows: Sequence[Any]) -> tuple[list[str], list[Participant]]:
    return read_list("pulogebang", enumerate(rows, start=1), NOON)


def only(*rows: Sequence[Any]) -> Participant:
    _, [line] = read(*rows)
    return line


def sort(*rows: Sequence[Any], register: Register | None = None) -> list[Participant]:
    _, lines = read(HEAD, *rows)
    sort_out(lines, register or Register(), {line.line: UUID(int=line.line) for line in lines})
    return lines


@pytest.mark.parametrize(
    "head",
    [
        ("no", "nama", "telepon", "blok", "unit", "nik", "tanggal_lahir"),
        ("", "Name", "Phone Number", "Block", "UNIT", "NIK", "Birth Date"),
        ("#", "Nama Lengkap", "No. WA", "Tower", "No Unit", "No. NIK", "Tanggal Lahir"),
    ],
)
def test_headings_are_understood_in_both_languages(head: Sequence[str]) -> None:
    unknown, [line] = read(head, ANI)

    assert unknown == []
    assert line.person
    assert (line.person.name, line.phone, line.person.nik) == ("Ibu Ani", "+6281234567890", "3175074508900001")
    assert (line.line, line.remarks, line.person.consents) == (2, [], [Purpose.TRAINING])


def test_a_title_may_stand_above_the_headings() -> None:
    line = only(("DAFTAR PESERTA BATIK",), ("Rusunawa Pulogebang", "", ""), HEAD, ANI)

    assert (line.line, line.faults) == (4, [])


def test_columns_that_nobody_understands_are_named_and_not_read() -> None:
    unknown, [line] = read((*HEAD, "Ukuran baju"), (*ANI, "M"))

    assert unknown == ["Ukuran baju"]
    assert line.person


def test_a_file_without_headings_is_refused_without_repeating_it() -> None:
    with pytest.raises(Invalid) as refused:
        read(ANI, ANI)

    assert "Ani" not in str(refused.value)
    assert refused.value.errors[0]["field"] == "content"


def test_a_column_that_is_needed_is_missed_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        read(("nama", "telepon"), ("Ibu Ani", "081234567890"))

    assert [error["field"] for error in refused.value.errors] == ["block", "unit"]


def test_everything_that_is_wrong_with_a_line_is_said_at_once_and_repeated_nowhere() -> None:
    line = only(HEAD, (1, "", "0812 34", "A", None, "3175073202900001", ""))

    assert {fault.field for fault in line.faults} == {"name", "unit"}
    line = only(HEAD, (1, "Ibu Ani", "0812 34", "A", "12", "3175073202900001", ""))
    assert {fault.field for fault in line.faults} == {"phone", "nik"}
    assert not [fault for fault in line.faults if "0812 34" in fault.reason or "3175" in fault.reason]


def test_what_a_spreadsheet_has_spoiled_is_said_for_its_field() -> None:
    line = only(HEAD, (1, "Ibu Ani", 81234567890, "A", date(2026, 5, 3), 3.17507e15, None))

    assert [fault.field for fault in line.faults] == ["unit", "nik"]


def test_a_birth_date_that_differs_or_cannot_be_read_is_a_warning() -> None:
    lines = [only(HEAD, (*ANI[:6], born)) for born in ("6/8/1990", "last summer", 33090)]

    assert [[remark.code for remark in line.remarks] for line in lines] == [
        ["birth_date_differs"],
        ["birth_date_unreadable"],
        ["birth_date_unreadable"],
    ]
    assert all(line.person for line in lines)


def test_a_short_row_is_missing_what_it_does_not_have() -> None:
    assert [fault.field for fault in only(HEAD, (1, "Ibu Ani")).faults] == ["phone", "block", "unit"]


def test_more_people_than_a_class_could_ever_be_are_refused() -> None:
    with pytest.raises(Invalid, match="in parts"):
        read(HEAD, *[ANI] * (MOST_PEOPLE + 1))


def test_on_one_list_nobody_is_registered_twice() -> None:
    without = (*ANI[:5], "", "")
    same, other = (2, "IBU  ani", "+62 81234567890", "B", " 12 ", "", ""), (3, "Ibu Wati", *ANI[2:5], "", "")

    lines = sort(without, same, other)

    assert [line.outcome for line in lines] == ["registered", "duplicate", "registered"]
    assert lines[1].maker_id == lines[0].maker_id


def test_two_niks_are_two_people_and_one_is_one() -> None:
    daughter = (*ANI[:5], "3175074508900002", "")
    married = (1, "Ibu Ani Lestari", "0813 0000 1111", "C", "3", ANI[5], "")

    lines = sort(ANI, daughter, married)

    assert [line.outcome for line in lines] == ["registered", "registered", "duplicate"]
    assert lines[2].maker_id == lines[0].maker_id


def test_who_is_known_without_a_nik_is_taken_for_herself_with_a_warning() -> None:
    register = Register()
    register.know("Ibu Ani", "+6281234567890", "12", Known(SOMEBODY, has_nik=False))

    [line] = sort(ANI, register=register)

    assert (line.outcome, line.maker_id) == ("duplicate", SOMEBODY)
    assert [remark.code for remark in line.remarks] == ["nik_not_kept"]


def test_who_has_had_her_number_put_right_since_is_suspected_on_the_old_list() -> None:
    register = Register()
    register.know("Ibu Ani", "+6281300001111", "12", Known(SOMEBODY, has_nik=False))

    lines = sort((*ANI[:5], "", ""), (2, "Ibu Wati", *ANI[2:5], "", ""), register=register)

    assert [line.outcome for line in lines] == ["registered", "registered"]
    assert [[remark.code for remark in line.remarks] for line in lines] == [["name_and_unit_known"], []]


def test_who_is_known_with_a_nik_is_found_without_it() -> None:
    register = Register(by_nik={"3175074508900001": SOMEBODY})
    register.know("Ibu Ani", "+6281234567890", "12", Known(SOMEBODY, has_nik=True))

    lines = sort((*ANI[:5], "", ""), ANI, register=register)

    assert [(line.outcome, line.maker_id) for line in lines] == [("duplicate", SOMEBODY)] * 2
