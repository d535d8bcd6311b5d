"""The demo from its first key to its verdict: ask what is there, play what is missing, wait, count."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from aiormq.exceptions import AMQPError
from rich.console import Console

from deploy.local.demo import summary
from deploy.local.demo.aftercare import accompany
from deploy.local.demo.api import Json, Refused
from deploy.local.demo.audit import Folder, audit, collect
from deploy.local.demo.books import Books, count, counted
from deploy.local.demo.check import Told, compare
from deploy.local.demo.desk import Desk, open_desk
from deploy.local.demo.looked import EARLIER_VERSION, look
from deploy.local.demo.money import BORROWER, Money, Round, owed_by_outlets, pay_out
from deploy.local.demo.outcome import Outcome
from deploy.local.demo.programme import Programme, programme
from deploy.local.demo.seed import seed
from deploy.local.demo.settle import accounted, settle_backlog, settle_closings, settle_notices, settle_reports
from deploy.local.demo.settled import count_settled
from deploy.local.demo.show import Show
from deploy.local.demo.target import Compose, Local, Target
from deploy.local.demo.till_data import FILE
from deploy.local.demo.tills import close, send
from deploy.local.state import SetupError, home
from deploy.local.system import System

WIDTH = 100
"""Of what goes to no terminal."""

TROUBLE = (SetupError, Refused, AMQPError, OSError, TimeoutError)


def command(
    events: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Only the first lines of the till data.")
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="Stop afterwards what was started for it.")] = False,
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    compose: Annotated[bool, typer.Option(help="Play against the system that docker compose runs.")] = False,
) -> None:
    """Play the whole programme on real till data: people, courses, products, deliveries, 10,000 sales, the books."""
    began, show = time.monotonic(), Show(Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH))
    with _system(show, leave, compose) as target:
        outcome = _run(target, events, show, home().folder("demo"))
        figures = outcome.figures(time.monotonic() - began, show.seconds)
        if to:
            to.write_text(json.dumps(figures, indent=2) + "\n")
        summary.show(show.console, outcome)
        show.say(f"{figures['seconds']} s in all")
        if not (leave and not compose):
            summary.where_next(show.console, outcome, target.how_to_stop)
    raise typer.Exit(0 if outcome.agree else 1)


async def play(target: Target, events: int | None, show: Show, now: datetime, papers: Path) -> Outcome:
    """Plays the first `events` lines of the file, or all of them, unless the system holds them already.

    `papers`: where one maker's are left for whoever audits her.
    """
    async with open_desk(target) as desk:
        run, before = _Run(target, desk, Folder(papers), show, now), await desk.feed()
        held = _held(before, events or len(programme().lines))
        plan = programme(held or events)
        if held:
            show.say(f"Already played, {held:,} lines of the till data: nothing changed. The books are checked again.")
            # What an interrupted run has left out comes now; else it is all there.
            quiet = replace(run, show=Show(Console(quiet=True)))
            await accompany(desk, plan, quiet.show, now)
            played = _Played(accounted(before), before, await _pay_out(quiet, plan), already=True)
        else:
            if not before["sales_accepted"]:
                run.folder.clear()
            played = await _play(run, plan)
        return await _judge(run, plan, played)


@dataclass(frozen=True)
class _Run:
    """What all steps of a run share."""

    target: Target
    desk: Desk
    folder: Folder
    show: Show
    now: datetime


@dataclass(frozen=True)
class _Played:
    """`reports_sent`: by this run and those before it."""

    reports_sent: int
    feed: Json
    money: Money
    already: bool


async def _play(run: _Run, plan: Programme) -> _Played:
    target, desk, show = run.target, run.desk, run.show
    on_the_road = await seed(desk, plan, show, run.now)
    before, arrivals = await settle_backlog(desk), plan.arrivals()
    with show.step("reports sent by the tills", len(arrivals)) as done:
        sent = await send(target, desk, arrivals, on_the_road, done)
    with show.step("reports booked or set aside", before + sent.taken) as done:
        feed = await settle_reports(desk, before + sent.taken, done)
    await _close(target, desk, plan, show)
    await accompany(desk, plan, show, run.now)
    money = await _pay_out(run, plan)
    told = _notices(plan, money)
    with show.step("makers told", told) as done:
        await settle_notices(desk, told, done)
    # A till that lost its line in the middle of a batch sent it again: both may have arrived.
    again = min(max(accounted(feed) - before - sent.taken, 0), sent.unsure)
    return _Played(before + sent.taken + again, feed, money, already=False)


async def _pay_out(run: _Run, plan: Programme) -> Money:
    """And one maker's papers are left behind."""
    desk, folder, show = run.desk, run.folder, run.show
    makers, owed = await _makers(desk, plan), owed_by_outlets(_books(plan).accounts)
    money = await pay_out(Round(desk, len(plan.lines), owed, makers, folder), show)
    with show.step("papers of one maker", 1) as done:
        await collect(desk.coordinator, makers[BORROWER], money.loan["loan_id"], folder)
        done()
    return money


async def _makers(desk: Desk, plan: Programme) -> list[str]:
    """Their ids, in the order of their numbers."""
    ids = await desk.maker_ids()
    return [ids[person.name] for person in plan.people]


async def _close(target: Target, desk: Desk, plan: Programme, show: Show) -> None:
    """Each till's day is closed once. It ties out when nothing of it was set aside."""
    unlike, already = _books(plan).unlike, await desk.closings()
    counted = plan.closings()
    tied = {closing.till_day for closing in counted if not unlike[closing.till_day]}
    await close(target, desk, [closing for closing in counted if closing.till_day not in already])
    with show.step("days that the tills closed", len(counted)) as done:
        await settle_closings(desk, tied, {closing.till_day for closing in counted}, done)


async def _judge(run: _Run, plan: Programme, played: _Played) -> Outcome:
    target, desk = run.target, run.desk
    ids, trial_balance, books = await desk.maker_ids(), await desk.trial_balance(), _books(plan)
    makers = [ids[person.name] for person in plan.people]
    settled = await count_settled(desk.coordinator)
    verdict = compare(books, Told(makers, played.feed, trial_balance, settled), played.reports_sent)
    return Outcome(
        plan=plan,
        verdict=verdict,
        money=played.money,
        batches={
            one["payout_id"]: await desk.coordinator.get(f"/v1/payouts/{one['payout_id']}")
            for one in played.money.batches
        },
        settled=settled,
        audit=audit(run.folder, makers[BORROWER], -books.accounts["maker-payable", BORROWER]),
        papers=run.folder.root,
        reports_sent=played.reports_sent,
        feed=played.feed,
        trial_balance=trial_balance,
        notices=await desk.notices(),
        notices_expected=_notices(plan, played.money),
        closings=await desk.closings(),
        programme=await look(desk, plan, makers),
        names={maker_id: name for name, maker_id in ids.items()},
        already_played=played.already,
        gateway_url=target.gateway_url,
        coordinator_key=desk.coordinator.key,
    )


def _held(feed: Json, wanted: int) -> int | None:
    """How many lines of the file the system has booked, when these are all that are wanted, or more."""
    booked, whole = (feed["sales_accepted"], feed["returns_accepted"]), programme()
    if not booked[0]:
        return None
    steps = counted(FILE, len(whole.lines), whole.goods())
    return next((lines for lines, books in steps if lines >= wanted and (books.sales, books.returns) == booked), None)


def _books(plan: Programme) -> Books:
    return count(FILE, len(plan.lines), plan.goods())


def _notices(plan: Programme, money: Money) -> int:
    return plan.notices(_books(plan).told) + money.told


def _run(target: Target, events: int | None, show: Show, papers: Path) -> Outcome:
    """What goes wrong on the way is said in one sentence."""
    try:
        return asyncio.run(play(target, events, show, datetime.now(UTC), papers))
    except (ExceptionGroup, *TROUBLE) as error:
        first = _first(error)
        if isinstance(first, Refused) and first.code == "idempotency_key_reused":
            raise SetupError(EARLIER_VERSION) from error
        if isinstance(first, TROUBLE):
            raise SetupError(f"the demo could not go on: {first}") from error
        raise


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


@contextmanager
def _system(show: Show, leave: bool, compose: bool) -> Iterator[Target]:
    """The system to play against, started when it is not up; afterwards stopped again if that was asked for."""
    if compose:
        yield Compose()
        return
    system = System()
    ran = _runs(system)
    with show.console.status("starting the system ..."):
        endpoints = system.ensure_up(lambda line: show.say(f"  {line}"))
    try:
        yield Local(endpoints)
    finally:
        if leave and not ran:
            with show.console.status("stopping what was started ..."):
                show.say(f"Stopped {', '.join(system.down())}.")


def _runs(system: System) -> bool:
    try:
        system.endpoints()
    except SetupError:
        return False
    return True
