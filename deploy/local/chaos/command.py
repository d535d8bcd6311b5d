"""`./karya chaos`: one run with a seed, told as tables and as JSON; the exit code is the verdict."""

import json
import logging
import signal
import sys
import time
from pathlib import Path
from random import Random
from types import FrameType
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.local.chaos import faults, show
from deploy.local.chaos.feed.plan import Size
from deploy.local.chaos.house.installation import installed
from deploy.local.chaos.inside.switches import SWITCHES
from deploy.local.chaos.opening import open_shop
from deploy.local.chaos.run import Outcome, Plan, run
from deploy.local.chaos.timeline import plan
from deploy.local.state import SetupError, home

WIDTH = 120
"""Of what goes to no terminal."""

RATES = (20, 200)
"""Reports a second, the least and the most."""


def chaos(
    seed: Annotated[int, typer.Option(help="Chooses the feed and the faults.")] = 1,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long there are faults.")] = 1.0,
    cluster: Annotated[bool, typer.Option("--cluster", help="Three RabbitMQ nodes, which may be lost.")] = False,
    to: Annotated[Path | None, typer.Option("--json", help="Write what was found to this file.")] = None,
    without: Annotated[
        str, typer.Option(help=f"Switch a guarantee off, to see it noticed: {', '.join(SWITCHES)}.")
    ] = "",
) -> None:
    """Break a private installation in every planned way under load, then check that its books are right."""
    if without and without not in SWITCHES:
        raise SetupError(f"nothing is called {without!r}; there are {', '.join(SWITCHES)}")
    for library in ("aiormq", "asyncio"):  # what they say of lost connections is known here
        logging.getLogger(library).setLevel(logging.CRITICAL)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    size = Size(minutes * 60, rate_of(seed))
    wanted = Plan(seed, size, plan(seed, size.seconds, faults.kinds(cluster)), without)
    try:
        outcome = uvloop.run(_run(wanted, cluster, console))
    except* SetupError as errors:
        raise first_of(errors) from errors
    if to:
        to.write_text(json.dumps(show.as_json(outcome), indent=2) + "\n")
    for table in show.tables(outcome):
        console.print(table)
    console.print(show.sentence(outcome), style="red" if outcome.verdict.red else "", markup=False)
    raise typer.Exit(outcome.verdict.exit)


def first_of(errors: BaseExceptionGroup[SetupError]) -> SetupError:
    """What went wrong first, out of all groups."""
    first = errors.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


def rate_of(seed: int) -> float:
    """How many reports a second the seed chooses."""
    return float(Random(f"rate {seed}").randint(*RATES))  # noqa: S311 - repeatable on purpose


async def _run(wanted: Plan, cluster: bool, console: Console) -> Outcome:
    began = time.monotonic()
    with console.status("starting servers ...") as status:

        def say(line: str) -> None:
            status.update(line)
            if not console.is_terminal:
                console.print(f"  {time.monotonic() - began:5.0f} s  {line}", soft_wrap=True)

        async with installed(home().root / "chaos", cluster) as house:
            say("opening the shop ...")
            opened = await open_shop(house)
            say(f"seed {wanted.seed}: {wanted.size.seconds:.0f} s at {wanted.size.rate:.0f} reports a second")
            return await run(opened, wanted, say)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """As Ctrl-C: what was started is stopped."""
    signal.raise_signal(signal.SIGINT)
