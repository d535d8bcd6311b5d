"""A cursor is a place in a list, or a mistake that is said."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.errors import Invalid
from shared.runtime.paging import decode_cursor, decode_number, decode_place, encode_cursor

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
WHO = UUID(int=7)


def test_a_place_comes_back_as_it_was() -> None:
    assert decode_place(encode_cursor(NOON, WHO)) == (NOON, WHO)
    assert decode_place(None) == (None, None)


@pytest.mark.parametrize(
    "at", ["yesterday", "infinity", "2026-11-21", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ""]
)
def test_a_time_that_is_none_is_no_place(at: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_place(encode_cursor(at, WHO))
    assert refused.value.errors == [{"field": "cursor", "reason": "not a cursor of this list"}]


@pytest.mark.parametrize("cursor", [encode_cursor(NOON, "x"), encode_cursor(NOON), "e30", "W10", "\u00e9", ""])
def test_what_was_never_a_cursor_is_no_place(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode_place(cursor)


@pytest.mark.parametrize("number", ["-1", "1e4", str(2**63), "\u0663", " 1"])
def test_what_is_no_bigint_is_no_number(number: str) -> None:
    assert decode_number(encode_cursor(2**63 - 1)) == 2**63 - 1
    with pytest.raises(Invalid):
        decode_number(encode_cursor(number))


@pytest.mark.parametrize("text", ["a\0", "\ud800"])
def test_a_text_that_no_database_keeps_is_no_cursor(text: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(encode_cursor(text), 1)
