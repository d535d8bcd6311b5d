"""`./karya bench` measures and shows what was measured; `./karya figures` shows what was kept."""

import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from deploy.local.bench import report, yardsticks
from deploy.local.bench.catalogue import USUAL, Part
from deploy.local.bench.figures import Measured
from deploy.local.bench.report import Report
from deploy.local.bench.run import Plan, measure

WIDTH = 130
"""Of what goes to no terminal."""

Files = Annotated[list[Path], typer.Argument(help="What --json has written; of several the last word counts.")]
ToJson = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")]
ToSvg = Annotated[Path | None, typer.Option("--svg", help="Draw the figures into this file.")]


def bench(
    full: Annotated[bool, typer.Option("--full", help="Replicas, a backlog, a million events, growth too.")] = False,
    only: Annotated[list[Part] | None, typer.Option(help="Nothing but this; may be given several times.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 3,
    to: ToJson = None,
    svg: ToSvg = None,
) -> None:
    """Measure the services on servers of their own, five to eight minutes: fsync, confirms and all checks on."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    console, began, measured = _console(), time.monotonic(), Measured()

    def say(line: str) -> None:
        console.print(f"  {line}", soft_wrap=True)

    parts = set(only) if only else set(Part) if full else USUAL
    absent = yardsticks.prepare(say) if Part.PEERS in parts else {}
    try:
        measure(Plan(parts, absent, rounds), measured, say)
    finally:
        if measured.rounds:
            found = report.of(measured.spreads(), absent, datetime.now(UTC))
            _keep(found, to, svg)
            _show(console, found)
    console.print(f"{time.monotonic() - began:.0f} s in all")


def figures(
    files: Files,
    svg: ToSvg = None,
    into: Annotated[Path | None, typer.Option(help="Replace the tables in this document.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")] = False,
) -> None:
    """Show what was measured before, draw it, put it into the docs."""
    found = report.read(files)
    _keep(found, None, svg)
    if into:
        into.write_text(report.put_into(into.read_text(), found))
    if markdown:
        print(report.markdown(found))
    elif not (svg or into):
        _show(_console(), found)


def _keep(found: Report, to: Path | None, svg: Path | None) -> None:
    if to:
        to.write_text(found.as_json())
    if svg:
        svg.write_text(report.svg(found))


def _show(console: Console, found: Report) -> None:
    console.print(report.table(found))
    for name, reason in found.not_run.items():
        console.print(f"{name} was not run: {reason}.")


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """As Ctrl-C: the task in hand is cancelled, what it froze is let go, what was started is stopped."""
    signal.raise_signal(signal.SIGINT)
