"""The lists of participants are read by the system as the demo means them."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from deploy.local.demo.lists import FIRST_LINE, REFUSED_IN, TWICE_IN, ParticipantList, lists
from deploy.local.demo.people import people
from services.training.domain.participants import Participant, read_list
from services.training.spreadsheet import read_rows

PEOPLE = people()
LISTS = lists(PEOPLE)


def read(of_rusun: ParticipantList) -> list[Participant]:
    unknown, lines = read_list(
        of_rusun.rusun, read_rows("text/csv", of_rusun.csv()), datetime(2026, 11, 26, tzinfo=UTC)
    )
    assert not unknown
    return lines


@pytest.mark.parametrize("of_rusun", LISTS, ids=lambda one: one.rusun)
def test_every_maker_of_the_rusun_is_on_her_line(of_rusun: ParticipantList) -> None:
    by_line = {line.line: line.person for line in read(of_rusun)}
    for line, person in enumerate(of_rusun.people, start=FIRST_LINE):
        told = by_line[line]
        assert told is not None
        assert (told.name, told.phone, told.block, told.unit) == (person.name, person.phone, person.block, person.unit)
        assert (told.rusun, told.language, tuple(told.consents)) == (person.rusun, person.language, person.consents)


def test_everybody_is_on_one_list() -> None:
    assert Counter(person.number for one in LISTS for person in one.people) == Counter(range(len(PEOPLE)))


def test_one_line_stands_twice_and_one_cannot_be_taken() -> None:
    extra = {one.rusun: read(one)[len(one.people) :] for one in LISTS}
    [twice], [refused] = extra.pop(TWICE_IN), extra.pop(REFUSED_IN)
    assert not any(extra.values())
    first = next(one for one in LISTS if one.rusun == TWICE_IN).people[0]
    assert twice.person
    assert twice.person.name == first.name
    assert refused.person is None
    assert [fault.field for fault in refused.faults] == ["phone"]
