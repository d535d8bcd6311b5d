"""`test` and `check`: everything CI runs, and the part of it that needs no servers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from types import FrameType

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.servers import SHARED, test_servers
from deploy.local.state import REPOSITORY, home

console = Console(highlight=False)
PYTHON = (sys.executable, "-P")
WALLS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
STATIC = {
    "format": ("-m", "ruff", "format", "--check", "."),
    "lint": ("-m", "ruff", "check", "."),
    "types": ("-m", "mypy"),
    "walls": ("-c", WALLS),
}
UNIT = ("tests/unit", "tests/house")
IN_ROOMS = (*UNIT, "tests/contract", "tests/integration", "--numprocesses=2")
"""Tests of parts. Each worker starts servers of its own."""

LIVING = ("tests/system/chaos", "tests/system/scenarios", "tests/system/test_demo.py")
SYSTEM = ("tests/system", *[f"--ignore={place}" for place in LIVING])
"""Tests of the whole. The first wait for the house to live for a while, and so run beside all others."""

ANY = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    app.command(context_settings=ANY)(test)
    app.command()(check)


@dataclass
class Stages:
    """What ran, how long it took, and whether it passed."""

    environment: Mapping[str, str]
    done: list[tuple[str, bool, float]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def run(self, name: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Run one stage; a failure does not keep the next from running."""
        console.rule(name, align="left")
        began, call = time.monotonic(), [*PYTHON, *arguments]
        code = subprocess.run(call, cwd=REPOSITORY, env=environment or self.environment, check=False).returncode
        self.done.append((name, code == 0, time.monotonic() - began))

    def pytest(self, name: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Run tests. None at all is a failure too: pytest says so with its exit code."""
        self.run(name, ["-m", "pytest", *arguments], environment)

    @contextmanager
    def beside(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
        """Run tests while something else runs, on servers of their own; what they say is printed afterwards."""
        began, call = time.monotonic(), [*PYTHON, "-m", "pytest", *arguments]
        with TemporaryFile() as said:
            process = subprocess.Popen(call, cwd=REPOSITORY, env=environment, stdout=said, stderr=subprocess.STDOUT)
            try:
                yield
            except BaseException:
                process.send_signal(signal.SIGINT)  # as on Ctrl-C: it takes down what it has started
                raise
            finally:
                code = process.wait()
            self.done.append((name, code == 0, time.monotonic() - began))
            console.rule(name, align="left")
            said.seek(0)
            console.out(said.read().decode(errors="replace"))

    def finish(self) -> None:
        """Print the summary and leave with 1 if anything failed."""
        table = Table()
        for column in ("stage", "result", "seconds"):
            table.add_column(column, justify="right" if column == "seconds" else "left")
        for name, passed, seconds in self.done:
            table.add_row(name, "[green]passed[/green]" if passed else "[red]FAILED[/red]", f"{seconds:.1f}")
        table.add_row("all", "", f"{time.monotonic() - self.began:.1f}")
        console.print(table)
        if not self.done or not all(passed for _, passed, _ in self.done):
            raise typer.Exit(1)


def test(context: typer.Context) -> None:
    """Format, lint, types, walls, then every test on servers of its own; arguments go to pytest."""
    with _servers("test") as environment:
        stages = Stages(environment)
        _static(stages)
        if context.args:
            stages.pytest("tests", context.args)
        else:
            with _servers("test-living") as others, stages.beside("chaos, scenarios and demo", LIVING, others):
                stages.pytest("unit, contract and integration tests", IN_ROOMS, _environment())
                stages.pytest("system tests", SYSTEM)
    stages.finish()


def check() -> None:
    """The fast part of `test`: format, lint, types, walls, unit tests."""
    stages = Stages(_environment())
    _static(stages)
    stages.pytest("unit tests", UNIT)
    stages.finish()


def _static(stages: Stages) -> None:
    for name, arguments in STATIC.items():
        stages.run(name, arguments)


@contextmanager
def _servers(name: str) -> Iterator[Mapping[str, str]]:
    """The environment that leads the tests to a PostgreSQL and a RabbitMQ of their own."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    began = time.monotonic()
    with test_servers(home().root / name) as servers:
        console.print(f"PostgreSQL and RabbitMQ for the tests are ready ({time.monotonic() - began:.1f} s)")
        yield _environment() | {
            "KARYA_TEST_DATABASE_URL": servers.database_url,
            "KARYA_TEST_AMQP_URL": servers.amqp_url,
            SHARED: str(servers.state.root),
        }


def _leave(_number: int, _frame: FrameType | None) -> None:
    """As on Ctrl-C: the servers must not outlive the tests."""
    raise SystemExit(130)


def _environment() -> dict[str, str]:
    """Without the settings of this shell: tests bring their own. How long properties are looked for, people say."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("KARYA_", "OTEL_")) or key == "KARYA_PROPERTIES"
    }
    return kept | {"PYTHONPATH": str(REPOSITORY)}
