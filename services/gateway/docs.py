"""`/docs` and `/openapi.json`: the interface, readable without internet."""

import json
from pathlib import Path

from starlette.requests import Request as Http
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from services.gateway import openapi

STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The browser asks this server only, and runs and shows nothing that did not come from it as a file."""


def routes() -> list[BaseRoute]:
    """The document is made once, when the process starts."""
    document = json.dumps(openapi.build()).encode()

    async def read(_: Http) -> Response:
        return Response(document, media_type="application/json")

    async def show(_: Http) -> Response:
        return FileResponse(STATIC / "docs.html", headers={"Content-Security-Policy": POLICY})

    return [
        Route("/docs", show),
        Route("/openapi.json", read),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
