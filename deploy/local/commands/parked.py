"""`parked list|show|redrive|discard`: what could not be done and waits, asked of the services over the broker."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from pydantic import ValidationError

from deploy.local.operator import admin_amqp_url
from deploy.local.state import SetupError
from shared.contracts.operations import DiscardParked, GetParked, ListParked, Parked, RedriveParked
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.errors import NotFound
from shared.runtime.decode import faults
from shared.runtime.requests import Requests

T = TypeVar("T")
ACTOR = "operator:command-line"
PAGE = 500
Service = Annotated[str | None, typer.Option(help=f"Only this one of {', '.join(SUBSCRIPTIONS)}.")]
Code = Annotated[str | None, typer.Option(help="Only those with this reason.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    group = typer.Typer(help="What could not be done and waits.", no_args_is_help=True)
    group.command("list")(list_all)
    group.command()(show)
    group.command()(redrive)
    group.command()(discard)
    app.add_typer(group, name="parked")


def list_all(
    service: Service = None,
    state: Annotated[str, typer.Option(help="open, waiting, person, redriven, discarded or all.")] = "open",
    code: Code = None,
    as_json: AsJson = False,
) -> None:
    """List what waits, the newest first."""
    found = _asked(lambda requests: _find_all(requests, service, ListParked(state=state, code=code, limit=PAGE)))
    if as_json:
        rows = [{"service": owner, **entry.model_dump(mode="json")} for owner, entry in found]
        typer.echo(json.dumps(rows, indent=1))
        return
    for owner, entry in found:
        typer.echo(describe(owner, entry))
    if not found:
        typer.echo(f"Nothing is parked in state {state}.")


def describe(owner: str, entry: Parked) -> str:
    """Two lines that no width cuts, for eyes and for `grep`. What a till wrote cannot move the cursor or colour it."""
    tries = "1 try" if entry.attempts == 1 else f"{entry.attempts} tries"
    first = f"{entry.parked_id}  {owner}  {entry.state}, {tries}  {entry.type} {entry.subject}"
    return "\n".join([_plain(first).rstrip(), _plain(f"    {entry.code}: {entry.detail}")])


def show(parked_id: UUID) -> None:
    """Show one message whole, with what it may belong to."""
    owner, entry = _asked(lambda requests: _find(requests, parked_id))
    typer.echo(json.dumps({"service": owner, **entry.model_dump(mode="json")}, indent=1))


def redrive(
    parked_ids: Annotated[list[UUID] | None, typer.Argument(help="Which; or give --code.")] = None,
    code: Code = None,
    service: Service = None,
) -> None:
    """Try messages again now: those named, or all that wait with a reason that has been put right."""
    if bool(parked_ids) == bool(code):
        raise SetupError("name messages, or give --code CODE for all with that reason")
    results = _asked(lambda requests: _redrive(requests, parked_ids or [], service, code))
    for owner, entry in results:
        outcome = entry.state if entry.state == "redriven" else f"{entry.state}: {entry.code}: {entry.detail}"
        typer.echo(_plain(f"{owner} {entry.parked_id} {outcome}"))
    if any(entry.state != "redriven" for _, entry in results):
        raise typer.Exit(1)


def discard(parked_id: UUID, reason: Annotated[str, typer.Option(help="Why; kept with the message.")]) -> None:
    """Never try a message again."""
    owner, entry = _asked(lambda requests: _discard(requests, parked_id, reason))
    typer.echo(f"{owner} {entry.parked_id} {entry.state}")


def _plain(text: str) -> str:
    return "".join([sign if sign.isprintable() else "\ufffd" for sign in text])


def _asked(ask: Callable[[Requests], Awaitable[T]]) -> T:
    async def run() -> T:
        url = admin_amqp_url()
        requests = Requests(url, "operator", "/operator/command-line")
        await requests.open()
        try:
            return await ask(requests)
        finally:
            await requests.close()

    try:
        return asyncio.run(run())
    except ValidationError as error:
        raise SetupError("; ".join([f"{fault['field']}: {fault['reason']}" for fault in faults(error)])) from None


async def _find_all(requests: Requests, service: str | None, query: ListParked) -> list[tuple[str, Parked]]:
    if service and service not in SUBSCRIPTIONS:
        raise SetupError(f"no service {service!r}; there are {', '.join(SUBSCRIPTIONS)}")
    found = []
    for owner in [service] if service else SUBSCRIPTIONS:
        page = await requests.ask(query, actor=ACTOR, to=owner)
        found += [(owner, entry) for entry in page.items]
        while page.next:
            page = await requests.ask(query.model_copy(update={"cursor": page.next}), actor=ACTOR, to=owner)
            found += [(owner, entry) for entry in page.items]
    return found


async def _find(requests: Requests, parked_id: UUID) -> tuple[str, Parked]:
    """Whichever service keeps it: an id says nothing about its owner."""
    for owner in SUBSCRIPTIONS:
        try:
            return owner, await requests.ask(GetParked(parked_id=parked_id), actor=ACTOR, to=owner)
        except NotFound:
            continue
    raise SetupError(f"no service has parked {parked_id}")


async def _redrive(
    requests: Requests, parked_ids: list[UUID], service: str | None, code: str | None
) -> list[tuple[str, Parked]]:
    chosen = [await _find(requests, parked_id) for parked_id in parked_ids]
    if code:
        chosen = await _find_all(requests, service, ListParked(code=code, limit=PAGE))
    results = []
    for owner, entry in chosen:
        command = RedriveParked(parked_id=entry.parked_id)
        results.append((owner, await requests.ask(command, actor=ACTOR, to=owner)))
    return results


async def _discard(requests: Requests, parked_id: UUID, reason: str) -> tuple[str, Parked]:
    owner, _ = await _find(requests, parked_id)
    command = DiscardParked(parked_id=parked_id, reason=reason)
    return owner, await requests.ask(command, actor=ACTOR, to=owner)
