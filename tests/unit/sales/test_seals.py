"""A seal says what is below it: whatever is different afterwards is found and named."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.seals import NOTHING, Part, Seal, check_chain, check_parts, hash_of, is_due, make_seal

AT = datetime(2026, 11, 27, 0, 0, 5, tzinfo=UTC)
DAY = date(2026, 11, 27)
PARTS = [Part(0, 9_999, 1_000_000, bytes(range(32))), Part(3, 12, 500, bytes(32))]
FIRST = make_seal(None, 30_012, PARTS, DAY, AT)
SECOND = make_seal(FIRST, 30_020, [Part(3, 8, 70, bytes(32))], DAY, AT)


def test_a_seal_holds_the_one_before() -> None:
    assert (FIRST.no, FIRST.previous, FIRST.entries, FIRST.amount) == (1, NOTHING, 10_011, 1_000_500)
    assert (SECOND.no, SECOND.previous) == (2, FIRST.hash)
    assert [*check_chain(None, FIRST), *check_chain(FIRST, SECOND)] == []


@pytest.mark.parametrize(
    "edited",
    [
        FIRST._replace(day=date(2026, 11, 26)),
        FIRST._replace(upto=30_013),
        FIRST._replace(entries=10_012),
        FIRST._replace(amount=1),
        FIRST._replace(hash=bytes(32)),
        FIRST._replace(parts=PARTS[:1]),
        FIRST._replace(parts=[PARTS[0]._replace(entries=10_000), PARTS[1]._replace(entries=11)]),
        FIRST._replace(parts=[PARTS[0]._replace(digest=bytes(32)), PARTS[1]]),
    ],
)
def test_a_seal_that_was_edited_is_found(edited: Seal) -> None:
    (fault,) = check_chain(None, edited)
    assert str(fault) == f"{edited.day} (seal 1): seal edited: its hash is not that of what it says"


def test_one_that_was_edited_with_its_hash_does_not_fit_the_next_one() -> None:
    edited = FIRST._replace(amount=1, parts=[Part(0, 10_011, 1, bytes(32))])
    edited = edited._replace(hash=hash_of(edited))
    assert list(check_chain(None, edited)) == []
    (fault,) = check_chain(edited, SECOND)
    assert fault.what == "seal edited: it does not hold the hash of the seal before it"


def test_a_seal_that_is_gone_is_missed() -> None:
    (fault,) = check_chain(None, SECOND)
    assert fault.what == "seal edited: seal 1 is missing before it"


@pytest.mark.parametrize(
    ("found", "what"),
    [
        (None, "missing: 12 of 12 among the entries 30000 to 39999"),
        (Part(3, 11, 500, bytes(32)), "missing: 1 of 12 among the entries 30000 to 39999"),
        (Part(3, 13, 500, bytes(32)), "extra: 1 more than the 12 that were sealed among the entries 30000 to 39999"),
        (Part(3, 12, 499, bytes(32)), "changed: among the entries 30000 to 39999, which come to -1 rupiah"),
        (Part(3, 12, 500, bytes(31) + b"x"), "changed: among the entries 30000 to 39999, whose sum is the same"),
    ],
)
def test_what_is_wrong_with_the_entries_is_named(found: Part | None, what: str) -> None:
    there = {0: PARTS[0]} | ({3: found} if found else {})
    assert [fault.what for fault in check_parts(FIRST, there)] == [what]


def test_an_entry_where_there_was_none_is_extra() -> None:
    there = {part.part: part for part in PARTS} | {2: Part(2, 1, 5, bytes(32))}
    (fault,) = check_parts(FIRST, there)
    assert fault.what == "extra: 1 more than the 0 that were sealed among the entries 20000 to 29999"


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 10**12), st.binary(min_size=32, max_size=32))))
def test_whatever_is_sealed_holds(drawn: list[tuple[int, int, bytes]]) -> None:
    parts = [Part(number, *one) for number, one in enumerate(drawn)]
    seal = make_seal(FIRST, 10**9, parts, DAY, AT)
    assert [*check_chain(FIRST, seal), *check_parts(seal, {part.part: part for part in parts})] == []


def test_it_is_done_once_a_day() -> None:
    midnight, minute = datetime(2026, 11, 26, 17, 0, tzinfo=UTC), timedelta(minutes=1)
    assert is_due(midnight - minute, None, midnight)
    assert not is_due(midnight + minute, midnight - minute, midnight)
    assert is_due(None, midnight - minute, midnight), "the first one, of what was recorded before today"
    assert not is_due(None, midnight + minute, midnight)
    assert not is_due(None, None, midnight), "there is nothing to seal"
