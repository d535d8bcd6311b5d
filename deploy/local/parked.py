"""What the command line asks of the services about parked messages; an id says nothing about who keeps it."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast
from uuid import UUID

from pydantic import ValidationError

from deploy.local.operator import admin_amqp_url
from deploy.local.state import SetupError
from shared.contracts.message import Command
from shared.contracts.operations import (
    GetParked,
    ListParked,
    Parked,
    ParkedIn,
    ParkedReason,
    RedriveAll,
    RedrivenAll,
    SummariseReasons,
)
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.errors import NotFound
from shared.runtime.decode import faults
from shared.runtime.requests import Requests

T = TypeVar("T")
ACTOR = "operator:command-line"
PAGE = 500


@dataclass(frozen=True, slots=True)
class Redriven:
    """What came of trying all that one service has parked for one reason."""

    passed: int
    still_parked: int


async def asked(ask: Callable[[Requests], Awaitable[T]]) -> T:
    """Asks with a connection of its own. Raises SetupError for what no service would read."""
    requests = Requests(admin_amqp_url(), "operator", "/operator/command-line")
    await requests.open()
    try:
        return await ask(requests)
    except ValidationError as error:
        raise SetupError("; ".join([f"{fault['field']}: {fault['reason']}" for fault in faults(error)])) from None
    finally:
        await requests.close()


async def find_all(requests: Requests, service: str | None, state: str, code: str | None) -> list[tuple[str, Parked]]:
    """All of them, with their service; the newest first."""
    query = ListParked(state=cast(ParkedIn, state), code=code, limit=PAGE)
    found = []
    for owner in _owners(service):
        page = await requests.ask(query, actor=ACTOR, to=owner)
        found += [(owner, entry) for entry in page.items]
        while page.next:
            page = await requests.ask(query.model_copy(update={"cursor": page.next}), actor=ACTOR, to=owner)
            found += [(owner, entry) for entry in page.items]
    return found


async def find(requests: Requests, parked_id: UUID) -> tuple[str, Parked]:
    """Whichever service keeps it. Raises SetupError when none does."""
    for owner in SUBSCRIPTIONS:
        try:
            return owner, await requests.ask(GetParked(parked_id=parked_id), actor=ACTOR, to=owner)
        except NotFound:
            continue
    raise SetupError(f"no service has parked {parked_id}")


async def find_reasons(requests: Requests, service: str | None) -> list[tuple[str, ParkedReason]]:
    """Why messages are parked now, service by service."""
    found = []
    for owner in _owners(service):
        reasons = await requests.ask(SummariseReasons(), actor=ACTOR, to=owner)
        found += [(owner, reason) for reason in reasons.items]
    return found


async def act(requests: Requests, parked_id: UUID, command: Callable[[], Command[Parked]]) -> tuple[str, Parked]:
    """Does something about one message, if there is one."""
    owner, _ = await find(requests, parked_id)
    return owner, await requests.ask(command(), actor=ACTOR, to=owner)


async def redrive_all(requests: Requests, service: str | None, code: str) -> list[tuple[str, Redriven]]:
    """Tries all of one reason, and again as long as one passes: one that passes may be what others waited for."""
    return [(owner, await _redrive_all(requests, owner, code)) for owner in _owners(service)]


async def _redrive_all(requests: Requests, owner: str, code: str) -> Redriven:
    passed, in_vain = 0, 0
    while True:
        done: RedrivenAll = await requests.ask(RedriveAll(code=code), actor=ACTOR, to=owner)
        passed += done.passed
        in_vain = 0 if done.passed else in_vain + done.tried
        remaining = done.still_parked + done.left
        # Those first that were not tried for longest: after so many vain tries each has had its turn.
        if not done.tried or in_vain >= remaining:
            return Redriven(passed, remaining)


def _owners(service: str | None) -> Iterator[str]:
    if service and service not in SUBSCRIPTIONS:
        raise SetupError(f"no service {service!r}; there are {', '.join(SUBSCRIPTIONS)}")
    yield from [service] if service else SUBSCRIPTIONS
