"""`parked list|reasons|show|redrive|correct|choose|discard`: what could not be done and waits, and what to do."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, NoReturn, TypeVar, cast
from uuid import UUID

import typer

from deploy.local import parked
from deploy.local.state import SetupError
from shared.contracts.message import Command
from shared.contracts.operations import (
    ChooseParked,
    CorrectParked,
    DiscardParked,
    Parked,
    ParkedReason,
    RedriveParked,
    Right,
)
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.runtime.requests import Requests

T = TypeVar("T")
Service = Annotated[str | None, typer.Option(help=f"Only this one of {', '.join(SUBSCRIPTIONS)}.")]
Code = Annotated[str | None, typer.Option(help="Only those with this reason.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Why = Annotated[str, typer.Option(help="Why; kept with the message.")]
Change = Annotated[str, typer.Option(help='What is to be different, as JSON: {"data": {"sku": "BTK-0007"}}.')]


def register(app: typer.Typer) -> None:
    """Put the commands into the table."""
    group = typer.Typer(help="What could not be done and waits.", no_args_is_help=True)
    group.command("list")(list_all)
    for command in (reasons, show, redrive, correct, choose, discard):
        group.command()(command)
    app.add_typer(group, name="parked")


def list_all(
    service: Service = None,
    state: Annotated[str, typer.Option(help="open, waiting, person, redriven, discarded or all.")] = "open",
    code: Code = None,
    as_json: AsJson = False,
) -> None:
    """List what waits, the newest first."""
    found = _asked(lambda requests: parked.find_all(requests, service, state, code))
    if as_json:
        _print_json(found)
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


def reasons(service: Service = None, as_json: AsJson = False) -> None:
    """Why messages wait, what that means, and what to do about it."""
    found = _asked(lambda requests: parked.find_reasons(requests, service))
    if as_json:
        _print_json(found)
        return
    for owner, reason in found:
        typer.echo(describe_reason(owner, reason))
    if not found:
        typer.echo("Nothing is parked.")


def describe_reason(owner: str, reason: ParkedReason) -> str:
    """What it is called and how many there are; what it means; what to do."""
    who = f"{reason.waiting} wait by themselves, {reason.person} need a person"
    first = f"{reason.code}  {owner}  {reason.count}: {who}, since {reason.oldest:%Y-%m-%d %H:%M} UTC"
    return "\n".join([_plain(line) for line in (first, f"    {reason.means}", f"    {reason.remedy}")])


def show(parked_id: UUID) -> None:
    """Show one message whole: what it says, what it may belong to, what it means, all that was done about it."""
    owner, entry = _asked(lambda requests: parked.find(requests, parked_id))
    typer.echo(json.dumps(_with_owner(owner, entry), indent=1))


def redrive(
    parked_ids: Annotated[list[UUID] | None, typer.Argument(help="Which; or give --code.")] = None,
    code: Code = None,
    service: Service = None,
) -> None:
    """Try messages again now: those named, or all that wait with a reason that has been put right."""
    if bool(parked_ids) == bool(code):
        raise SetupError("name messages, or give --code CODE for all with that reason")
    if code:
        _redrive_all(service, code)
        return
    settled = [_tell(one, partial(RedriveParked, parked_id=one)) for one in parked_ids or []]
    if not all(settled):
        _still_parked()


def correct(parked_id: UUID, change: Change, reason: Why) -> None:
    """Change what a message says, and try it at once."""
    read = _read(change)
    if not _tell(parked_id, lambda: CorrectParked(parked_id=parked_id, change=read, reason=reason)):
        _still_parked()


def choose(
    parked_id: UUID,
    right: Annotated[str, typer.Option(help="Which is right: parked or recorded.")],
    reason: Why,
) -> None:
    """Say which is right of two that differ: the message that is parked, or what is recorded."""
    chosen = cast(Right, right)
    if not _tell(parked_id, lambda: ChooseParked(parked_id=parked_id, right=chosen, reason=reason)):
        _still_parked()


def discard(parked_id: UUID, reason: Why) -> None:
    """Never try a message again."""
    _tell(parked_id, lambda: DiscardParked(parked_id=parked_id, reason=reason))


def _redrive_all(service: str | None, code: str) -> None:
    done = _asked(lambda requests: parked.redrive_all(requests, service, code))
    for owner, result in done:
        if result.passed or result.still_parked:
            typer.echo(_plain(f"{owner} {code}: {result.passed} passed, {result.still_parked} still parked"))
    if not any(result.passed or result.still_parked for _, result in done):
        typer.echo(_plain(f"Nothing is parked with the reason {code}."))
    if any(result.still_parked for _, result in done):
        _still_parked()


def _tell(parked_id: UUID, command: Callable[[], Command[Parked]]) -> bool:
    """Does it and says what came of it; whether the message is settled."""
    owner, entry = _asked(lambda requests: parked.act(requests, parked_id, command))
    settled = entry.state in ("redriven", "discarded")
    outcome = entry.state if settled else f"{entry.state}: {entry.code}: {entry.detail}"
    typer.echo(_plain(f"{owner} {entry.parked_id} {outcome}"))
    return settled


def _still_parked() -> NoReturn:
    raise typer.Exit(1)


def _read(change: str) -> dict[str, Any]:
    try:
        found = json.loads(change, parse_constant=_no_constant)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SetupError("--change is no JSON object")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _asked(ask: Callable[[Requests], Awaitable[T]]) -> T:
    return asyncio.run(parked.asked(ask))


def _print_json(found: list[tuple[str, Parked]] | list[tuple[str, ParkedReason]]) -> None:
    typer.echo(json.dumps([_with_owner(owner, entry) for owner, entry in found], indent=1))


def _with_owner(owner: str, entry: Parked | ParkedReason) -> dict[str, Any]:
    return {"service": owner, **entry.model_dump(mode="json")}


def _plain(text: str) -> str:
    return "".join([sign if sign.isprintable() else "\ufffd" for sign in text])
