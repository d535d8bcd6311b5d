"""`up`, `down`, `status`, `restart`: the system as a whole."""

import json
import signal
import time
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from deploy.broker.definitions import SERVICES
from deploy.local import status
from deploy.local.state import SetupError
from deploy.local.system import System

console = Console(highlight=False)


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    app.command()(up)
    app.command()(down)
    app.command("status")(show_status)
    app.command()(restart)


def up(
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Leave it running and return.")] = False,
) -> None:
    """Start PostgreSQL, RabbitMQ and the five services; with what ran already left as it was."""
    system = System()
    if detach:
        try:
            _start(system)
        except SetupError as error:
            raise SetupError(f"{error}\nWhat was started keeps running; ./karya down stops it.") from error
        console.print("It keeps running. Stop it with: ./karya down")
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell's background jobs ignore the first
        signal.signal(number, _interrupt)
    try:
        _start(system)
        _watch(system)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        down()
    except BaseException:
        system.down()
        raise


def down() -> None:
    """Stop everything that was started here, and nothing else."""
    with console.status("stopping ..."):
        stopped = System().down()
    console.print(f"Stopped {', '.join(stopped)}." if stopped else "Nothing was running.")


def show_status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show what runs, where, and whether it is ready."""
    now = status.read(System())
    if as_json:
        typer.echo(json.dumps(now, indent=2))
    else:
        console.print(status.table(now))


def restart(service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")]) -> None:
    """Stop one service, gracefully, and start it again."""
    if service not in SERVICES:
        raise SetupError(f"no service {service!r}; there are {', '.join(SERVICES)}")
    with console.status(f"restarting {service} ..."):
        System().restart(service)
    console.print(f"{service} is ready again.")


def _start(system: System) -> None:
    began = time.monotonic()
    with console.status("starting ..."):
        endpoints = system.ensure_up(lambda line: console.print(f"  {line}", soft_wrap=True))
    console.print(f"Up after {time.monotonic() - began:.1f} s. The gateway: [bold]{endpoints.gateway_url}[/bold]")


def _watch(system: System) -> None:
    """Show the state until interrupted, or until everything was stopped from elsewhere."""
    with Live(console=console, refresh_per_second=2, transient=True) as live:
        now = status.read(system)
        while any(entry["pid"] for entry in now["services"].values()):
            live.update(status.table(now, "Ctrl-C stops everything"))
            time.sleep(1)
            now = status.read(system)
    console.print("No service runs any more.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
