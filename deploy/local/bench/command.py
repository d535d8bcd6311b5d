"""`./karya bench`: runs it, and shows what was measured as a table and as JSON."""

import asyncio
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.bench import yardsticks
from deploy.local.bench.figures import FIGURES, Measured
from deploy.local.bench.installation import installed
from deploy.local.bench.run import measure

WIDTH = 110
"""Of what goes to no terminal."""


def bench(
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    events: Annotated[int, typer.Option(min=100, help="Sale events in batches; half as many single ones.")] = 20_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 3,
) -> None:
    """Measure the services on servers of their own: throughput, latency, memory. fsync and all checks on."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    began = time.monotonic()
    with installed(lambda line: console.print(f"  {line}", soft_wrap=True)) as installation:
        measured = asyncio.run(measure(installation, events, rounds, lambda line: console.print(f"  {line}")))
    absent = yardsticks.absent()
    if to:
        told = {"machine": machine(), "events": events, "not_run": absent, "figures": measured.as_json()}
        to.write_text(json.dumps(told, indent=2) + "\n")
    console.print(table(measured))
    for name, reason in absent.items():
        console.print(f"{name} was not run: {reason}.")
    console.print(f"{time.monotonic() - began:.0f} s in all")


def table(measured: Measured) -> Table:
    """One line for each figure."""
    found = measured.spreads()
    lines = Table(
        "", "median", "min", "max", "", "goal", title=f"rounds: {len(measured.rounds)}, cores: {os.cpu_count()}"
    )
    for column in lines.columns[1:4]:
        column.justify = "right"
    for figure in FIGURES:
        if spread := found.get(figure.key):
            values = [_written(value) for value in (spread.median, spread.min, spread.max)]
            lines.add_row(figure.label, *values, figure.unit, figure.goal)
    return lines


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {"system": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version()}


def _written(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """As Ctrl-C: the task in hand is cancelled, what it froze is let go, what was started is stopped."""
    signal.raise_signal(signal.SIGINT)
