"""Every error as RFC 9457 `application/problem+json` with a stable `code`."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.errors import Bug, Invalid, KaryaError, Rejected, Unavailable

RETRY_SECONDS = "2"
MEDIA_TYPE = "application/problem+json"


class HttpProblem(Exception):
    """A request that went wrong before any service was asked."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.status, self.code, self.detail, self.headers = status, code, detail, headers or {}


def invalid(field: str, reason: str) -> Invalid:
    """One field that cannot be what it is."""
    return Invalid("invalid", f"{field}: {reason}", errors=[{"field": field, "reason": reason}])


def respond(error: Exception) -> Response:
    """The answer to any error; what is no error of ours tells nothing of itself."""
    if isinstance(error, HttpProblem):
        return _problem(error.status, error.code, error.detail, error.headers)
    if isinstance(error, HTTPException):
        return _of_http(error)
    known = error if isinstance(error, KaryaError) else Bug("bug", "unexpected; it has been logged")
    candidates = {"candidates": known.candidates} if isinstance(known, Rejected) and known.candidates else {}
    headers = {"Retry-After": RETRY_SECONDS} if isinstance(known, Unavailable) else None
    return JSONResponse(known.problem() | candidates, known.status, headers, MEDIA_TYPE)


async def on_error(_: Request, error: Exception) -> Response:
    """For Starlette's table of exception handlers."""
    return respond(error)


HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    HttpProblem: on_error,
    HTTPException: on_error,
    KaryaError: on_error,
}


def _of_http(error: HTTPException) -> Response:
    """What Starlette's router raises: no such path, no such method."""
    codes = {404: ("path_not_found", "there is nothing at this path"), 405: ("method_not_allowed", "not this method")}
    code, detail = codes.get(error.status_code, ("http_error", str(error.detail)))
    return _problem(error.status_code, code, detail, dict(error.headers or {}))


def _problem(status: int, code: str, detail: str, headers: dict[str, str]) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    return JSONResponse(body, status, headers, MEDIA_TYPE)
