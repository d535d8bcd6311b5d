"""Progress as a person likes it: one bar for each step on a terminal, one line for each step elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.local.demo.api import Advance


class Show:
    """The steps of the demo and how long each took, in seconds."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Advance]:
        """A step of `total` parts; what it gives is told how many parts have just been done."""
        began = time.monotonic()
        with self._bar() as bar:
            task = bar.add_task(name, total=total)
            yield lambda parts=1: bar.advance(task, parts)
        self.seconds[name] = round(time.monotonic() - began, 2)
        if not self.console.is_terminal:
            self.say(f"  {name}: {total:,} in {self.seconds[name]:.1f} s")

    def say(self, line: str) -> None:
        """A line of its own."""
        self.console.print(line)

    def _bar(self) -> Progress:
        columns = (TextColumn("  {task.description:<34}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
        return Progress(*columns, console=self.console, disable=not self.console.is_terminal)
