"""`logs`: what the services and servers wrote, the JSON of the services made readable."""

import json
import time
from collections import deque
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.text import Text

from deploy.local.state import SetupError, home

LEVELS = {"debug": "dim", "info": "green", "warning": "yellow", "error": "red", "critical": "bold red"}
console = Console(highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    app.command()(logs)


def logs(
    service: Annotated[str | None, typer.Argument(help="A service, postgres or rabbitmq; all if left out.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of each to begin with.")] = 20,
    raw: Annotated[bool, typer.Option("--raw", help="As written, for programs.")] = False,
) -> None:
    """Show the end of the logs."""
    paths = _paths(service)
    opened = {path.stem: path.open(errors="replace") for path in paths}
    for name, file in opened.items():
        for line in deque(file, maxlen=lines):
            _show(name, line, raw)
    while follow:
        news = [_show_new(name, file, raw) for name, file in opened.items()]
        if not any(news):
            time.sleep(0.2)


def _paths(service: str | None) -> list[Path]:
    folder = home().folder("log")
    paths = sorted(folder.glob(f"{service or '*'}.log"))
    if not paths:
        known = ", ".join(path.stem for path in sorted(folder.glob("*.log"))) or "none yet"
        raise SetupError(f"no log of {service}; there are: {known}")
    return paths


def _show_new(name: str, file: TextIO, raw: bool) -> bool:
    new = file.readlines()
    for line in new:
        _show(name, line, raw)
    return bool(new)


def _show(name: str, line: str, raw: bool) -> None:
    line = line.rstrip("\n")
    if raw:
        print(line)
    else:
        console.print(readable(name, line))


def readable(name: str, line: str) -> Text:
    """One line of a log: time, service, level, event, then everything else it says."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    shown = Text(f"{name:<9} ", style="cyan")
    if not isinstance(entry, dict):
        return shown.append(line, style="default")
    level = str(entry.pop("level", "info"))
    shown.append(f"{str(entry.pop('timestamp', ''))[11:23]} ", style="dim")
    shown.append(f"{level:<8}", style=LEVELS.get(level, "default"))
    shown.append(str(entry.pop("event", "")), style="bold")
    trace = entry.pop("exception", None)
    for key, value in entry.items():
        shown.append(f" {key}=", style="dim").append(str(value), style="default")
    return shown.append(f"\n{trace}", style="red") if trace else shown
