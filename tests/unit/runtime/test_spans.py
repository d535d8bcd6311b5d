"""Buckets of ids: each id in exactly one, and a difference in any of them is seen."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.digests import spans
from shared.runtime.digests.spans import MINUTE, Span, Tally
from shared.runtime.envelope import new_id

NOON = spans.milliseconds(datetime(2026, 11, 21, 12, tzinfo=UTC))
moments = st.integers(NOON, NOON + 40 * 24 * 60 * MINUTE)
lengths = st.integers(1, 40 * 24 * 60 * MINUTE)
hashes = st.integers(-(2**63), 2**63 - 1)
ids = st.dictionaries(st.integers(0, 9), st.sets(hashes, max_size=5), max_size=5)
"""Ids' hashes by bucket."""


def tallies(of: dict[int, set[int]]) -> dict[int, Tally]:
    return {
        bucket: spans.together([{bucket: Tally(1, one)} for one in found])[bucket]
        for bucket, found in of.items()
        if found
    }


def test_an_id_tells_when_it_was_minted() -> None:
    before = spans.milliseconds(datetime.now(UTC))
    key = new_id()
    after = spans.milliseconds(datetime.now(UTC))

    assert before <= spans.minted_at(key) <= after
    assert spans.first_id(spans.minted_at(key)) < key < spans.first_id(spans.minted_at(key) + 1)


@given(since=moments, length=lengths)
def test_a_window_is_cut_into_at_most_a_days_minutes_without_a_gap(since: int, length: int) -> None:
    edges = spans.cut(since, since + length)

    assert (edges[0], edges[-1]) == (since, since + length)
    assert all(left < right for left, right in pairwise(edges))
    assert len(edges) <= spans.MOST_BUCKETS + 2
    assert all(edge % MINUTE == 0 for edge in edges[1:-1])


@given(since=moments, length=lengths)
def test_a_span_is_cut_finer_until_it_is_a_millisecond(since: int, length: int) -> None:
    edges = spans.cut_finer(Span(since, since + length, 9))

    assert (edges[0], edges[-1]) == (since, since + length)
    assert all(left < right for left, right in pairwise(edges))
    assert len(edges) <= spans.FINER + 1
    assert length == 1 or max(right - left for left, right in pairwise(edges)) < length


@given(here=ids, lost=ids)
def test_whatever_is_missing_on_one_side_shows_in_its_bucket(
    here: dict[int, set[int]], lost: dict[int, set[int]]
) -> None:
    there = {bucket: here.get(bucket, set()) | lost.get(bucket, set()) for bucket in {*here, *lost}}
    edges = list(range(NOON, NOON + 11 * MINUTE, MINUTE))

    found = spans.differing(edges, tallies(here), tallies(there))

    expected = {bucket for bucket in there if there[bucket] != here.get(bucket, set())}
    assert {(span.since - NOON) // MINUTE for span in found} == expected
    assert all(span.until - span.since == MINUTE for span in found)
    assert all(span.n == len(there[(span.since - NOON) // MINUTE]) for span in found)


@given(one=ids, other=ids)
def test_two_producers_are_compared_as_one_in_any_order(one: dict[int, set[int]], other: dict[int, set[int]]) -> None:
    both = spans.together([tallies(one), tallies(other)])

    assert both == spans.together([tallies(other), tallies(one)])
    counts = Counter({bucket: len(found) for bucket, found in one.items()})
    counts.update({bucket: len(found) for bucket, found in other.items()})
    assert {bucket: tally.n for bucket, tally in both.items()} == {b: n for b, n in counts.items() if n}


def test_what_came_instead_of_something_else_shows_although_the_count_is_the_same() -> None:
    assert spans.differing([NOON, NOON + 1], {0: Tally(1, 5)}, {0: Tally(1, 6)}) == [Span(NOON, NOON + 1, 1)]


@given(since=moments, length=st.integers(1, 3 * 24 * 60 * MINUTE))
def test_the_days_of_a_window_hold_every_event_minted_in_it(since: int, length: int) -> None:
    days = spans.days(since, since + length)

    for at in (since, since + length - 1):
        event_time = spans.moment(at) - timedelta(seconds=60)
        assert {event_time.date(), spans.moment(at).date()} <= set(days)


def test_the_following_id_is_the_next() -> None:
    assert spans.following(UUID(int=41)) == UUID(int=42)
