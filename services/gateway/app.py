"""Wiring only: which path goes to which endpoint."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as Http
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway import asking, docs, feed, problems, public, reports
from services.gateway.answers import Answers
from services.gateway.attention import Attention
from services.gateway.auth import Accounts
from services.gateway.middleware import Desk
from services.gateway.routes import ROUTES
from services.gateway.shedding import Room
from shared.runtime.envelope import Clock

Faults = Callable[[], dict[str, str]]
"""What is wrong with what the gateway needs, by name; nothing: it is ready."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the endpoints need."""

    accounts: Accounts
    asks: asking.Asks
    hand_in: reports.HandIn
    answers: Answers
    feed: feed.Feed
    attention: Attention
    faults: Faults
    clock: Clock
    room: Room


def build(parts: Parts) -> Starlette:
    """The whole surface: one row of the table each, then what the gateway answers by itself."""
    table: dict[str, dict[str, asking.Endpoint]] = {}
    for row in ROUTES:
        table.setdefault(row.path, {})[row.method] = asking.endpoint(row, parts.accounts, parts.asks)
    table.setdefault(reports.PATH, {})["POST"] = reports.endpoint(
        parts.accounts, parts.hand_in, parts.answers, parts.clock
    )
    table[feed.PATH] = {"GET": feed.endpoint(parts.accounts, parts.feed, parts.attention)}
    asked = [Route(path, _by_method(methods), methods=[*methods]) for path, methods in table.items()]
    return Starlette(
        routes=[*asked, *_health(parts.faults), *docs.routes(), *public.routes(parts.asks)],
        middleware=[Middleware(Desk, parts.room)],
        exception_handlers=dict(problems.HANDLERS),
    )


def _by_method(endpoints: dict[str, asking.Endpoint]) -> asking.Endpoint:
    """One route for a path, so that `Allow` names all its methods."""

    async def answer(http: Http) -> Response:
        return await endpoints["GET" if http.method == "HEAD" else http.method](http)

    return answer


def _health(faults: Faults) -> list[BaseRoute]:
    """For machines: no key is asked for."""

    async def live(_: Http) -> Response:
        return JSONResponse({"live": True})

    async def ready(_: Http) -> Response:
        found = faults()
        return JSONResponse({"ready": not found, "faults": found, "pid": os.getpid()}, 503 if found else 200)

    async def metrics(_: Http) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]
