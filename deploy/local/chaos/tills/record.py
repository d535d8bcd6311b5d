"""The tills' own record, written while they report: what was asked, and what was answered."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from deploy.local.chaos.feed.plan import Batch

Outcome = Literal["ok", "info", "fail"]
"""Confirmed; nobody knows; surely not taken."""


@dataclass
class Record:
    """`confirmed`: when each batch was confirmed first, in seconds of the clock, by its number."""

    path: Path
    clock: Callable[[], float] = time.time
    confirmed: dict[int, float] = field(default_factory=dict)
    outcomes: "Counter[str]" = field(default_factory=Counter)

    def invoke(self, batch: Batch, attempt: int) -> None:
        """Just before it is handed in."""
        self.outcomes["again"] += attempt > 1
        self._write(batch, "invoke", str(attempt))

    def answer(self, batch: Batch, outcome: Outcome, told: str) -> None:
        self.outcomes[outcome] += 1
        if outcome == "ok":
            self.confirmed.setdefault(batch.number, self.clock())
        self._write(batch, outcome, told)

    def _write(self, batch: Batch, what: str, told: str) -> None:
        line = {"at": round(self.clock(), 3), "batch": batch.number, "till": "/".join(batch.where), "what": what}
        with self.path.open("a") as lines:
            lines.write(json.dumps(line | {"told": told}) + "\n")
