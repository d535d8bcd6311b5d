"""`ledger verify|seal|export`: whether the books were touched, sealing them now, and a month of them as a file."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import typer
from rich.console import Console

from deploy.local import logs_of_record
from deploy.local.state import SetupError
from services.sales.domain.periods import first_of
from services.sales.domain.seals import Seal
from services.sales.storage.seals import get_last
from services.sales.views.export import Totals, export_month
from services.sales.views.periods import list_wrong_figures
from services.sales.views.seals import Checked, check
from services.sales.watch.seals import seal_now
from shared import db
from shared.contracts.sales.books import ClosePeriod
from shared.db import Connection
from shared.runtime.envelope import now

T = TypeVar("T")
Url = Annotated[str | None, typer.Option("--database-url", help="The sales database, if not that of this machine.")]
MOST = 20
"""Differences that are told one by one."""

PAUSE = 0.2
PATIENCE = 60.0
"""Seconds that somebody who still writes is waited for."""

console = Console(highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    group = typer.Typer(help="The books: whether they were touched, and as a file.", no_args_is_help=True)
    for command in (verify, seal, export):
        group.command()(command)
    app.add_typer(group, name="ledger")


def verify(
    noted: Annotated[str | None, typer.Option(help="A hash that was noted outside: it must be in the chain.")] = None,
    database_url: Url = None,
) -> None:
    """Compute the chain of seals anew. Exit code 0 only when every entry is as it was sealed."""
    with console.status("reading the ledger ...") as status:

        async def work(connection: Connection) -> tuple[Checked, list[str]]:
            found = Checked()
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                async for found in check(connection, noted):
                    status.update(f"{found.seals:,} seals, {found.entries:,} entries ...")
                return found, await list_wrong_figures(connection)

        found, wrong = _run(work, database_url)
    _tell(found, wrong)
    if noted and not found.noted:
        console.print("The hash that was noted is in no seal: the chain is another one.", style="red")
    if found.faults or wrong or (noted and not found.noted):
        raise typer.Exit(1)


def seal(database_url: Url = None) -> None:
    """Seal what is posted by now, and say the hash: note it where nobody who can reach the database can change it."""
    made = _run(_seal, database_url)
    if made is None:
        console.print("Nothing is posted yet.")
    else:
        console.print(f"Sealed up to entry {made.upto:,}.")
        console.print(spell(made))


def export(
    month: Annotated[str, typer.Option(help="In which the entries count: 2026-11.")],
    out: Annotated[Path, typer.Option(help="The file to write; what was in it is gone.")],
    database_url: Url = None,
) -> None:
    """Write the general ledger of a month as CSV. Exit code 0 only when its totals are those of the trial balance."""
    try:
        first = first_of(ClosePeriod(month=month).month)
    except ValueError:
        raise SetupError(f"{month} is not a month, as 2026-11") from None

    async def work(connection: Connection) -> Totals:
        return await export_month(connection, first, out)

    told = _run(work, database_url)
    console.print(f"{told.entries:,} entries, Rp{told.amount:,} on each side: {out}", markup=False)


def spell(made: Seal) -> str:
    """A line to be printed or noted."""
    return f"Seal {made.no} of {made.day}: {made.hash.hex()}"


def _tell(found: Checked, wrong: list[str]) -> None:
    console.print(f"{found.seals:,} seals of {found.entries:,} entries; {found.unsealed:,} are not sealed yet.")
    if found.faults:
        console.print(f"The first that does not match is of {found.faults[0].of}.", style="red")
    for line in [*map(str, found.faults[:MOST]), *wrong[:MOST]]:
        console.print(line, style="red", markup=False)
    more = max(0, len(found.faults) - MOST) + max(0, len(wrong) - MOST)
    if more:
        console.print(f"... and {more:,} more", style="red")
    if not found.faults and not wrong:
        console.print("Every entry is as it was sealed, every closed month as it was closed.")
    if found.last:
        console.print(spell(found.last))


async def _seal(connection: Connection) -> Seal | None:
    begun = done = False
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not done:
        async with connection.transaction():
            begun, done = await seal_now(connection, now(), begun)
        if not done and asyncio.get_running_loop().time() > deadline:
            raise SetupError("somebody has been writing for a minute; what was posted before is sealed later")
        await asyncio.sleep(0 if done else PAUSE)
    return await get_last(connection)


def _run(work: Callable[[Connection], Awaitable[T]], url: str | None) -> T:
    try:
        return asyncio.run(_connected(work, url or logs_of_record.find().urls[logs_of_record.OWNER]))
    except (OSError, asyncpg.PostgresError) as error:
        raise SetupError(f"the ledger cannot be reached: {error}") from error


async def _connected(work: Callable[[Connection], Awaitable[T]], url: str) -> T:
    connection = await db.connect(url, "ledger")
    try:
        return await work(connection)
    finally:
        await connection.close()
