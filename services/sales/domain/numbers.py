"""Numbers that tills give to what they report: ranges of them, and what a range that comes again means."""

from collections.abc import Iterable, Sequence
from typing import Any

Numbers = list[tuple[int, int]]
"""Ranges, the first and the last number of each, in order."""

NEAR = 100
"""Numbers that came again so close to others that came again belong to the same restart."""

SHOWN = 100


def join(ranges: Iterable[tuple[int, int]]) -> Numbers:
    """In order, without overlaps; ranges that touch become one."""
    joined: Numbers = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def from_ranges(ranges: Iterable[Any]) -> Numbers:
    """Of a multirange as it is read: each range ends before its `upper`."""
    return [(one.lower, one.upper - 1) for one in ranges]


def each(numbers: Iterable[tuple[int, int]]) -> list[int]:
    """Every number of the ranges."""
    return [number for first, last in numbers for number in range(first, last + 1)]


def count(numbers: Sequence[tuple[int, int]]) -> int:
    return sum([last - first + 1 for first, last in numbers])


def spell(numbers: Sequence[tuple[int, int]]) -> str:
    """For people: `4-6, 9`."""
    words = [str(first) if first == last else f"{first}-{last}" for first, last in numbers[:SHOWN]]
    return ", ".join(words) + (" ..." if len(numbers) > SHOWN else "")


def as_facts(numbers: Sequence[tuple[int, int]]) -> dict[str, object]:
    """For a finding: how many, and the first ranges of them."""
    return {"count": count(numbers), "numbers": [list(one) for one in numbers[:SHOWN]]}


def continues(known: Numbers, again: Numbers) -> bool:
    """Whether all that came again goes on with what was known to come again: a till that counts anew goes on so.

    What comes a third time does not.
    """
    return bool(known) and all(
        any(_is_beside(before, one) for before in known) and not any(_overlap(before, one) for before in known)
        for one in again
    )


def _is_beside(known: tuple[int, int], one: tuple[int, int]) -> bool:
    return one[0] - known[1] <= NEAR and known[0] - one[1] <= NEAR


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
