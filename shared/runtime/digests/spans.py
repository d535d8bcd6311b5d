"""Spans of time, cut into buckets by the moment at which an event's id was minted. Times are milliseconds since 1970.

Our own ids are UUIDv7: their first 48 bits are that moment, so a bucket is a range of ids and needs no column.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

MINUTE = 60_000
MOST_BUCKETS = 1440
FINER = 60


class Tally(NamedTuple):
    """How many ids, and their hashes combined by exclusive or: order does not matter, twice the same is as never."""

    n: int
    hash: int


class Span(NamedTuple):
    """From `since` until before `until`; `n` ids at most on either side."""

    since: int
    until: int
    n: int


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def first_id(at: int) -> UUID:
    """Not above any UUIDv7 minted at or after that moment, above all minted before."""
    return UUID(int=at << 80)


def following(key: UUID) -> UUID:
    """The next id there could be."""
    return UUID(int=key.int + 1)


def minted_at(key: UUID) -> int:
    return key.int >> 80


def cut(since: int, until: int) -> list[int]:
    """The edges of buckets of whole minutes, the first and the last one cut off; wider ones for a long time."""
    minutes = -(-(until - since) // (MINUTE * MOST_BUCKETS))
    width = MINUTE * max(minutes, 1)
    return [since, *range(since - since % width + width, until, width), until]


def cut_finer(span: Span) -> list[int]:
    """The edges of up to 60 buckets in a span."""
    width = max(-(-(span.until - span.since) // FINER), 1)
    return [*range(span.since, span.until, width), span.until]


def days(since: int, until: int) -> list[date]:
    """The days that events of these ids may carry: an id is minted at its event's time, or moments later."""
    first = moment(since).date() - timedelta(days=1)
    return [first + timedelta(days=n) for n in range((moment(until).date() - first).days + 1)]


def together(sides: Iterable[Mapping[int, Tally]]) -> dict[int, Tally]:
    """The tallies of several producers as if they were one."""
    sums: dict[int, Tally] = defaultdict(lambda: Tally(0, 0))
    for side in sides:
        for bucket, tally in side.items():
            sums[bucket] = Tally(sums[bucket].n + tally.n, sums[bucket].hash ^ tally.hash)
    return dict(sums)


def differing(edges: Sequence[int], mine: Mapping[int, Tally], theirs: Mapping[int, Tally]) -> list[Span]:
    """The buckets whose tallies are not the same on both sides; bucket `b` lies between edges `b` and `b + 1`."""
    nothing = Tally(0, 0)
    found = []
    for bucket in sorted({*mine, *theirs}):
        here, there = mine.get(bucket, nothing), theirs.get(bucket, nothing)
        if here != there:
            found.append(Span(edges[bucket], edges[bucket + 1], max(here.n, there.n)))
    return found
