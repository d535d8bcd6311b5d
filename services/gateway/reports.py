"""`POST /v1/reports`: tills with HTTP hand in what has happened, and hear what of it cannot be read."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from starlette.requests import Request as Http
from starlette.responses import Response

from services.gateway import inputs
from services.gateway.answers import Answers, Claim, digest
from services.gateway.asking import JSON, Endpoint, identify
from services.gateway.auth import Account, Accounts, Role, require
from services.gateway.problems import HttpProblem, invalid
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.errors import Invalid
from shared.runtime.decode import MOST_EVENTS, Decoder
from shared.runtime.envelope import BATCH, SINGLE, Clock, Received

PATH = "/v1/reports"
ROLES = frozenset({Role.OUTLET})
MEDIA_TYPES = (BATCH, SINGLE, JSON)
REPORTS = tuple(event for event in SUBSCRIPTIONS["sales"] if event.owner() == "outlet")

Sorted: TypeAlias = Received[Any] | Invalid
HandIn = Callable[[str, bytes], Awaitable[None]]
"""(routing key, body). Returns when the broker has it; raises Unavailable."""


def endpoint(accounts: Accounts, hand_in: HandIn, answers: Answers, clock: Clock) -> Endpoint:
    """Everything goes to the broker in one message as it came, also what is refused: sales parks that for a person.

    A repeat under the same Idempotency-Key hears the first answer, and is handed in again.
    """
    decoder = Decoder(REPORTS)

    async def take(http: Http) -> Response:
        account = await identify(http, accounts)
        require(account, ROLES)
        key = inputs.read_idempotency_key(http)
        body, items = await _read(http)
        claim = Claim(account.name, key, digest(items)) if key else None
        answer = await answers.claim(claim) if claim else None
        sorted_out = _sort_out(decoder, body, items, account, clock())
        # Also what was answered before: it may have been lost since, with its queue. Sales knows what it has.
        await hand_in(routing_key(account, sorted_out), body)
        told = answer or json.dumps(_receipt(items, sorted_out))
        if claim and not answer:
            told = await answers.keep(claim, told)
        return Response(told, 202, media_type=JSON)

    return take


def routing_key(account: Account, found: list[Sorted]) -> str:
    """`<outlet>.<till>`; reports of several tills, or of none that can be read, come from `http`."""
    tills = {one.data.till for one in found if isinstance(one, Received)}
    return f"{account.outlet}.{tills.pop() if len(tills) == 1 else 'http'}"


async def _read(http: Http) -> tuple[bytes, list[Any]]:
    """The body as an array, and its items. Raises HttpProblem (400, 413, 415)."""
    if inputs.media_type(http) not in MEDIA_TYPES:
        raise HttpProblem(415, "unsupported_media_type", f"send {', '.join(MEDIA_TYPES)}")
    body = (await http.body()).strip()
    found = inputs.parse_json(body)
    if not isinstance(found, list | dict) or not found:
        raise HttpProblem(400, "no_events", f"send one CloudEvent or an array of 1 to {MOST_EVENTS} of them")
    if isinstance(found, dict):
        return b"[" + body + b"]", [found]
    if len(found) > MOST_EVENTS:
        raise HttpProblem(413, "too_many_events", f"send at most {MOST_EVENTS} events at once")
    return body, found


def _sort_out(decoder: Decoder, body: bytes, items: list[Any], account: Account, at: datetime) -> list[Sorted]:
    """The same judgement that sales will make of each item. All at once is twice as quick, and nearly always enough."""
    batch = decoder.decode(body, at)
    if not batch.unreadable:
        return [_own(received, account) for received in batch.readable]
    return [_check(decoder, item, account, at) for item in items]


def _check(decoder: Decoder, item: Any, account: Account, at: datetime) -> Sorted:
    try:
        return _own(decoder.check(item, at), account)
    except Invalid as error:
        return error


def _own(received: Received[Any], account: Account) -> Sorted:
    if received.data.outlet != account.outlet:
        return invalid("data.outlet", f"your key speaks for {account.outlet} only")
    return received


def _receipt(items: list[Any], sorted_out: list[Sorted]) -> dict[str, Any]:
    refused = [
        {"index": index, "id": _id(items[index]), "errors": found.errors}
        for index, found in enumerate(sorted_out)
        if isinstance(found, Invalid)
    ]
    return {"received": len(items), "queued": len(items) - len(refused), "refused": refused}


def _id(item: Any) -> str | None:
    """What the sender called it, if that can be said."""
    name = item.get("id") if isinstance(item, dict) else None
    return name[:128] if isinstance(name, str) else None
