"""What was measured, kept as JSON, and what is made of that file: a table for people, one for the docs, a picture."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.local.bench import picture
from deploy.local.bench.catalogue import SECTIONS, Figure
from deploy.local.bench.figures import Spread, Spreads, as_json, from_json, written
from deploy.local.state import SetupError

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"
"""Between them the docs hold what is made here."""


@dataclass(frozen=True, slots=True)
class Report:
    """`not_run`: limits and peers that were left out, each with the reason."""

    day: date
    machine: Mapping[str, Any]
    not_run: Mapping[str, str]
    figures: Spreads

    def as_json(self) -> str:
        told = {
            "day": self.day.isoformat(),
            "machine": self.machine,
            "not_run": self.not_run,
            "figures": as_json(self.figures),
        }
        return json.dumps(told, indent=2) + "\n"

    @property
    def note(self) -> str:
        """Where and when, in one line."""
        told = self.machine
        return f"{self.day}, {told['cores']} cores, {told['memory']} GB, {told['system']}, Python {told['python']}"


def read(paths: list[Path]) -> Report:
    """Of several files the last word on each figure counts. Raises SetupError for what is no report."""
    try:
        told = [json.loads(path.read_text()) for path in paths]
        figures = {key: found for one in told for key, found in from_json(one["figures"]).items()}
        last = told[-1]
        return Report(date.fromisoformat(last["day"]), last["machine"], last["not_run"], figures)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"no figures of ./karya bench: {error}") from error


def of(figures: Spreads, not_run: Mapping[str, str], at: datetime) -> Report:
    return Report(at.date(), machine(), not_run, figures)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "cores": os.cpu_count(),
        "memory": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": platform.python_version(),
    }


def table(report: Report) -> Table:
    """For the terminal: one line for each figure."""
    lines = Table("", "median", "min", "max", "", "goal", "rounds", title=report.note)
    for column in lines.columns[1:4]:
        column.justify = "right"
    for section in SECTIONS:
        shown = [figure for figure in section.figures if figure.key in report.figures]
        if shown:
            lines.add_section()
            lines.add_row(f"[bold]{section.title}[/bold]")
        for figure in shown:
            spread = report.figures[figure.key]
            values = [written(value) for value in (spread.median, spread.min, spread.max)]
            lines.add_row(f"  {figure.label}", *values, figure.unit, _judged(figure, spread), str(spread.rounds))
    return lines


def markdown(report: Report) -> str:
    """For the docs: where and when, and a table for each section."""
    blocks = [f"{report.note}:"]
    for section in SECTIONS:
        rows = [_row(figure, report.figures[figure.key]) for figure in section.figures if figure.key in report.figures]
        if rows:
            head = f"| {section.title} | median | min | max | | goal |\n|---|--:|--:|--:|---|---|"
            blocks.append("\n".join([head, *rows]))
    return "\n\n".join(blocks) + "\n"


def put_into(text: str, report: Report) -> str:
    """A document with the tables between its two marks. Raises SetupError when it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SetupError(f"the document has no lines {BEGIN.strip()} and {END.strip()}")
    return f"{before}{BEGIN}\n{markdown(report)}\n{END}{after}"


def svg(report: Report) -> str:
    return picture.draw(report.figures, report.note)


def _row(figure: Figure, spread: Spread) -> str:
    values = [written(value) for value in (spread.median, spread.min, spread.max)]
    return f"| {figure.label} | {' | '.join(values)} | {figure.unit} | {_judged(figure, spread)} |"


def _judged(figure: Figure, spread: Spread) -> str:
    """The goal, and whether the median meets it."""
    return f"{figure.goal} {'✓' if figure.goal.met(spread.median) else '✗'}" if figure.goal else ""
