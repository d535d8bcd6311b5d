"""What a run has come to: it holds, it is red, or it is void because too little happened in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

ALWAYS = ("redelivered", "duplicate caught by the inbox", "parked and redriven")
"""What every run has to have seen."""

FOLLOWS: Mapping[str, Collection[str]] = {
    "killed when committed": ("kill between commit and publish",),
    "killed when published": ("kill between publish and confirm",),
    "killed when confirmed": ("kill between confirm and delete",),
    "killed when acknowledged": ("kill after the ack",),
    "relay taken over": ("kill a service", "freeze a service", "rolling restart", "scale 1-4-1"),
    "confirm lost": ("kill the broker", "cut off the broker", "half-open to the broker", "lose a node"),
    "transaction tried again": ("crash the database", "cut off the database", "half-open to the database"),
    "a till was unsure": ("kill the broker", "cut off the broker", "half-open to the broker", "lose a node"),
    "a till sent its day again, as a finding said": ("delete the tills' queue",),
}
"""What has to be seen when any of these faults was among those of the run."""


class Exit(IntEnum):
    """Exit codes. 2 is the shell's word for a wrong call."""

    HOLDS = 0
    RED = 1
    VOID = 3


@dataclass(frozen=True)
class Verdict:
    """`wrong`: what is wrong with each invariant; `seen`: how often each thing was; `faults`: names of those done."""

    wrong: Mapping[str, list[str]]
    seen: Mapping[str, int]
    faults: Collection[str] = field(default=())

    @property
    def red(self) -> list[str]:
        """Invariants that do not hold."""
        return [name for name, found in self.wrong.items() if found]

    @property
    def unseen(self) -> list[str]:
        """What should have happened at least once, and did not."""
        due = [what for what, causes in FOLLOWS.items() if any(cause in self.faults for cause in causes)]
        return [what for what in (*ALWAYS, *due) if not self.seen.get(what)]

    @property
    def exit(self) -> Exit:
        return Exit.RED if self.red else Exit.VOID if self.unseen else Exit.HOLDS

    def as_json(self) -> dict[str, Any]:
        told = {name: found or "holds" for name, found in self.wrong.items()}
        return {
            "verdict": self.exit.name.lower(),
            "invariants": told,
            "sometimes": dict(self.seen),
            "unseen": self.unseen,
        }
