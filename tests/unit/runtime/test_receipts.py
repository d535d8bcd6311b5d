"""One acknowledgement for a stretch covers no delivery that is not settled, and tells the broker of each once."""

from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.receipts import Settled


@st.composite
def settlings(draw: st.DrawFn) -> list[list[int]]:
    """Most of the deliveries 1 to n, in any order, some at a time."""
    tags = draw(st.permutations(range(1, draw(st.integers(1, 30)) + 1)))
    known = tags[: len(tags) - draw(st.integers(0, 2))]
    cuts = sorted(draw(st.lists(st.integers(0, len(known)), max_size=6)))
    return [known[a:b] for a, b in zip([0, *cuts], [*cuts, len(known)], strict=True)]


@given(settlings())
def test_an_acknowledgement_covers_settled_deliveries_only(batches: list[list[int]]) -> None:
    settled, told, given_in = Settled(), set[int](), set[int]()
    for tags in batches:
        last, alone = settled.add(tags)
        given_in.update(tags)
        covered = {tag for tag in range(1, last + 1) if tag not in told} if last else set()
        assert covered <= given_in
        assert last is None or last in covered
        assert not told & set(alone)
        told |= covered | set(alone)
        assert told == given_in


def test_what_comes_in_turn_is_told_at_once() -> None:
    settled = Settled()
    assert settled.add([1, 2, 3]) == (3, [])
    assert settled.add([4]) == (4, [])


def test_behind_a_gap_each_is_told_for_itself() -> None:
    settled = Settled()
    assert settled.add([1, 3, 4]) == (1, [3, 4])
    assert settled.add([2, 6]) == (2, [6])
    assert settled.add([5]) == (5, [])
