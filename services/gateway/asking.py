"""The one endpoint behind every row of the routes table: who asks, what, of whom; and the answer, as it came."""

from collections.abc import Awaitable, Callable
from itertools import chain
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from starlette.requests import Request as Http
from starlette.responses import Response

from services.gateway import inputs
from services.gateway.auth import Account, Accounts, require, require_own
from services.gateway.papers.paper import Ask, ask_whole
from services.gateway.routes import Route
from shared.contracts.message import Document, Part, Request
from shared.runtime.envelope import named_id, new_id

JSON = "application/json"
SECONDS = 10.0

R = TypeVar("R", bound=Part)
Endpoint = Callable[[Http], Awaitable[Response]]


class Asks(Protocol):
    """What the endpoint needs of the requests client."""

    async def ask_raw(
        self,
        request: Request[Any],
        *,
        actor: str,
        to: str,
        id: UUID,  # noqa: A002 - the client's own name for it
        timeout: float,  # noqa: ASYNC109 - it travels with the message
    ) -> bytes: ...


def endpoint(route: Route, accounts: Accounts, asks: Asks) -> Endpoint:
    """The handler of one row."""

    async def answer(http: Http) -> Response:
        account = await identify(http, accounts)
        require(account, route.roles)
        key = inputs.read_idempotency_key(http) if route.method == "POST" else None
        request, service = await inputs.read(http, route)
        if route.own:
            request = of_own_outlet(account, request, route.own)
        message_id = command_id(account, key)
        http.state.correlation_id = str(message_id)
        if route.paper:
            ask = asker(asks, account, message_id)
            return hand_out(await route.paper(request, await ask_whole(ask, request), ask))
        body = await asks.ask_raw(request, actor=account.actor, to=service, id=message_id, timeout=SECONDS)
        if route.file_type:
            return hand_out(Document.model_validate_json(body))
        return Response(body, route.status, media_type=JSON)

    return answer


def asker(asks: Asks, account: Account, message_id: UUID) -> Ask:
    """Asks for a paper in the name of whom it is for. The first question has the id of the request, as others have."""
    ids = chain([message_id], iter(new_id, None))

    async def ask(request: Request[R]) -> R:
        body = await asks.ask_raw(request, actor=account.actor, to=request.owner(), id=next(ids), timeout=SECONDS)
        return cast(R, request.reply().model_validate_json(body))

    return ask


def of_own_outlet(account: Account, request: Request[Any], field: str) -> Request[Any]:
    """What an outlet asks is about itself, also when it does not say so. Raises HttpProblem (403) for another's."""
    if account.outlet is not None and getattr(request, field) is None:
        return request.model_copy(update={field: account.outlet})
    require_own(account, getattr(request, field))
    return request


def hand_out(document: Document) -> Response:
    """A file: to be kept, not to be shown as a page of ours."""
    headers = {
        "Content-Type": document.media_type,
        "Content-Disposition": f'attachment; filename="{document.filename}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(document.content, headers=headers)


async def identify(http: Http, accounts: Accounts) -> Account:
    """The account of this request; its name is noted for the log line."""
    account = await accounts.get(http.headers.get("authorization"))
    http.state.account = account.name
    return account


def command_id(account: Account, key: str | None) -> UUID:
    """The same account's same Idempotency-Key is the same command, and is done once."""
    return named_id("idempotency", account.name, key) if key else new_id()
