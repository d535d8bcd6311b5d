"""Which faults come when: chosen by the seed, in lanes that run side by side; in a lane one fault follows another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

REST = (0.5, 2.0)
"""Seconds between two faults of a lane."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault that can be planned. `lasts`: seconds, the least and the most; `recovers`: until the lane goes on."""

    name: str
    lane: str
    lasts: tuple[float, float] = (0, 0)
    recovers: float = 1.0


@dataclass(frozen=True, slots=True)
class Planned:
    """`at`: seconds after the feed began; `pick`: 0 to 1, which of several victims."""

    at: float
    name: str
    lane: str
    seconds: float
    pick: float

    def choose(self, victims: Sequence[str]) -> str:
        return victims[int(self.pick * len(victims))]


def plan(seed: int, seconds: float, kinds: Sequence[Kind]) -> list[Planned]:
    """In order. Each kind of a lane comes once before any comes again."""
    random = Random(f"faults {seed}")  # noqa: S311 - repeatable on purpose
    found = [one for some in _lanes(kinds).values() for one in _lane(random, seconds, some)]
    return sorted(found, key=lambda one: one.at)


def _lanes(kinds: Sequence[Kind]) -> Mapping[str, list[Kind]]:
    names = dict.fromkeys([kind.lane for kind in kinds])
    return {name: [kind for kind in kinds if kind.lane == name] for name in names}


def _lane(random: Random, seconds: float, kinds: Sequence[Kind]) -> Iterator[Planned]:
    at = random.uniform(*REST)
    while True:
        for kind in random.sample(kinds, len(kinds)):
            low, high = kind.lasts
            lasts = random.uniform(low, min(high, max(low, seconds / 8)))
            if at + lasts > seconds:
                return
            yield Planned(round(at, 2), kind.name, kind.lane, round(lasts, 2), random.random())
            at += lasts + kind.recovers + random.uniform(*REST)
