"""What a sheet may say."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.training.domain.attendance import (
    Mark,
    check_enrolled,
    check_minutes,
    check_start,
    read_sheet,
)
from shared.contracts.training import Attendance, AttendanceStatus
from shared.errors import Invalid, Rejected

ANI, WATI = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def an_entry(status: AttendanceStatus, minutes: int | None = None, maker: UUID = ANI) -> Attendance:
    return Attendance(maker_id=maker, status=status, minutes=minutes)


def test_present_without_minutes_is_the_whole_session_whatever_it_will_be() -> None:
    assert read_sheet([an_entry(AttendanceStatus.PRESENT)]) == [Mark(ANI, AttendanceStatus.PRESENT, None)]


@pytest.mark.parametrize("status", [AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY])
def test_minutes_are_kept_for_who_was_there(status: AttendanceStatus) -> None:
    assert read_sheet([an_entry(status, 95)]) == [Mark(ANI, status, 95)]


@pytest.mark.parametrize("minutes", [None, 0])
@pytest.mark.parametrize("status", [AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT, AttendanceStatus.NOT_APPLICABLE])
def test_who_was_away_has_no_minutes(status: AttendanceStatus, minutes: int | None) -> None:
    assert read_sheet([an_entry(status, minutes)]) == [Mark(ANI, status, 0)]


@pytest.mark.parametrize(
    ("status", "minutes"),
    [
        (AttendanceStatus.LATE, None),
        (AttendanceStatus.LEFT_EARLY, None),
        (AttendanceStatus.LATE, 0),
        (AttendanceStatus.PRESENT, 0),
        (AttendanceStatus.EXCUSED, 1),
        (AttendanceStatus.ABSENT, 1),
        (AttendanceStatus.NOT_APPLICABLE, 1),
    ],
)
def test_a_status_and_minutes_that_contradict_each_other_are_refused(
    status: AttendanceStatus, minutes: int | None
) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet([an_entry(AttendanceStatus.PRESENT, maker=WATI), an_entry(status, minutes)])

    assert [error["field"] for error in refused.value.errors] == ["entries.1.minutes"]


def test_every_fault_of_a_sheet_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet([an_entry(AttendanceStatus.LATE), an_entry(AttendanceStatus.ABSENT, 5, WATI)])

    assert [error["field"] for error in refused.value.errors] == ["entries.0.minutes", "entries.1.minutes"]


def test_of_two_entries_for_a_maker_the_later_counts() -> None:
    sheet = read_sheet(
        [
            an_entry(AttendanceStatus.ABSENT),
            an_entry(AttendanceStatus.PRESENT, maker=WATI),
            an_entry(AttendanceStatus.LATE, 60),
        ]
    )

    assert {mark.maker_id: mark.minutes for mark in sheet} == {ANI: 60, WATI: None}
    assert len(sheet) == 2


def test_a_maker_without_a_seat_is_named() -> None:
    marks = read_sheet([an_entry(AttendanceStatus.PRESENT), an_entry(AttendanceStatus.PRESENT, maker=WATI)])

    with pytest.raises(Rejected) as refused:
        check_enrolled(marks, {ANI})

    assert refused.value.code == "not_enrolled"
    assert str(WATI) in refused.value.detail
    assert str(ANI) not in refused.value.detail


def test_makers_recorded_for_longer_than_the_session_are_named() -> None:
    check_minutes([], 300)

    with pytest.raises(Rejected) as refused:
        check_minutes([ANI, WATI], 300)

    assert refused.value.code == "minutes_exceed_session"
    assert str(ANI) in refused.value.detail
    assert str(WATI) in refused.value.detail


def test_a_session_is_not_completed_before_it_began() -> None:
    check_start(NOW, NOW)

    with pytest.raises(Invalid) as refused:
        check_start(NOW + timedelta(minutes=1), NOW)

    assert refused.value.errors[0]["field"] == "actual_start"
