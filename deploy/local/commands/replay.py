"""`replay`: the books made anew out of the event logs, and held against those in use."""

import asyncio
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.status import Status
from rich.table import Column, Table

from deploy.local import logs_of_record
from deploy.local.state import SetupError
from services.sales.replay import verify as replaying
from services.sales.replay.verify import Databases, Replayed, Verdict
from services.sales.views.books import Books, Page
from services.training.replay import funnel
from services.training.replay.funnel import Funnels

MOST = 20
"""Differences that are told one by one."""

MEANS = {
    "accounts": "the ledger, by account",
    "days": "by account and day",
    "postings": "by kind",
    "splits": "what was sold and who got what, by outlet, product and day",
    "shares": "by maker and day",
    "shelves": "stock, by outlet and product",
    "movements": "what moved it, by kind",
    "units": "pieces with a serial: where each is",
    "lines": "each line of a till, as a fingerprint by till and day",
    "facts": "how many sales, returns and voids",
    "papers": "agreements, deliveries, claims, counts, closings, remittances, payouts, loans",
    "months": "the ledger, by account and month in which it counts",
    "periods": "closed months, as they were closed",
}
"""What is on each page of the books."""

FUNNEL = {"funnel": "makers by rusun, step and month in which they reached it"}
"""The page that is training's."""

console = Console(highlight=False)


def register(app: typer.Typer) -> None:
    """Put the command into the table."""
    app.command()(replay)


def replay(
    verify: Annotated[bool, typer.Option("--verify", help="Compare the books; exit code 0 only if equal.")] = False,
    into: Annotated[str | None, typer.Option(help="Keep them in this database, which must be empty.")] = None,
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Make the books anew out of nothing but the event logs. The system may run meanwhile."""
    if not verify and into is None:
        raise SetupError("say --verify to compare the books, or --into DATABASE to keep the new ones")
    with console.status("looking at the logs ...") as status:
        replayed, verdict = _run(verify, into, status)
    if to:
        to.write_text(json.dumps(figures(replayed, verdict), indent=2) + "\n")
    _show(replayed, verdict)
    if replayed.unexplained or (verdict and not verdict.equal):
        raise typer.Exit(1)


def figures(replayed: Replayed, verdict: Verdict | None) -> dict[str, Any]:
    """For programs. What was not compared is not there."""
    found: dict[str, Any] = {
        "events": replayed.events,
        "seconds": round(replayed.seconds, 3),
        "events_per_second": _pace(replayed),
        "unexplained": list(replayed.unexplained),
        "replayed": replayed.books.digest(),
    }
    if verdict:
        differences = [str(one) for one in verdict.production.differences(replayed.books)]
        pages = {page: verdict.production.pages[page] == replayed.books.pages[page] for page in replayed.books.pages}
        found |= {
            "production": verdict.production.digest(),
            "equal": verdict.equal,
            "pages": pages,
            "differences": len(differences),
            "first_differences": differences[:MOST],
        }
    return found


def table(production: Books, replayed: Books) -> Table:
    """Page by page, with the sums of its figures."""
    shown = Table(Column("what", max_width=32), "in use", "replayed", "equal")
    for name, page in production.pages.items():
        equal = page == replayed.pages[name]
        shown.add_row(
            f"{name}\n[dim]{(MEANS | FUNNEL).get(name, '')}[/dim]",
            sums(page),
            sums(replayed.pages[name]),
            "yes" if equal else "[red]no[/red]",
        )
    return shown


def sums(page: Page) -> str:
    """How many lines, and what their figures come to."""
    total: dict[str, int] = {}
    for line in page.values():
        for name, figure in line.items():
            if isinstance(figure, int):
                total[name] = total.get(name, 0) + figure
    lines = "1 line" if len(page) == 1 else f"{len(page):,} lines"
    return "\n".join([lines, *[f"{name} {figure:,}" for name, figure in total.items()]])


def _run(verify: bool, into: str | None, status: Status) -> tuple[Replayed, Verdict | None]:
    try:
        return asyncio.run(_replay(verify, into, status))
    except (OSError, asyncpg.PostgresError) as error:
        raise SetupError(f"the databases cannot be replayed: {error}") from error


async def _replay(verify: bool, into: str | None, status: Status) -> tuple[Replayed, Verdict | None]:
    def progress(events: int) -> None:
        status.update(f"replayed {events:,} events ...")

    async with logs_of_record.find().target(into) as databases:
        if not verify:
            return await replaying.replay(databases, progress), None
        verdict = with_funnel(await replaying.verify(databases, progress), await verify_funnel(databases))
        return verdict.replayed, verdict


async def verify_funnel(databases: Databases) -> Funnels:
    """Training's part: no database is needed for it."""
    return await funnel.verify(databases.training, databases.sales)


def with_funnel(verdict: Verdict, funnels: Funnels) -> Verdict:
    """As a page more, on both sides."""
    books = Books({**verdict.replayed.books.pages, "funnel": funnels.replayed})
    production = Books({**verdict.production.pages, "funnel": funnels.production})
    return Verdict(production, replace(verdict.replayed, books=books))


def _show(replayed: Replayed, verdict: Verdict | None) -> None:
    if verdict:
        console.print(table(verdict.production, replayed.books))
    console.print(f"{replayed.events:,} events in {replayed.seconds:.1f} s, {_pace(replayed):,} a second.")
    for one in replayed.unexplained[:MOST]:
        console.print(f"its cause is in no log: {one}", style="red", markup=False)
    if verdict and replayed.untold > date.min:
        console.print(f"Of days up to {replayed.untold} events told less of single lines: they are not among `lines`.")
    if verdict and not verdict.equal:
        told = verdict.production.explain(replayed.books, MOST)
        console.print(
            "The books are not the same. Each difference as it is in use, not as it was replayed:", style="red"
        )
        console.print(told, style="red", markup=False, soft_wrap=True)
    elif verdict:
        console.print("The books are the same.")


def _pace(replayed: Replayed) -> int:
    return round(replayed.events / max(replayed.seconds, 0.001))
