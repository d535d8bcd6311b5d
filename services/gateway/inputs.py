"""From an HTTP request to the object that a service is asked with: path, query and body, each name known."""

import re
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.requests import Request as Http

from services.gateway.problems import HttpProblem, invalid
from services.gateway.routes import Route
from shared.contracts.message import Request, Upload
from shared.contracts.subscriptions import PUBLISHED
from shared.errors import Invalid
from shared.runtime.decode import faults

DEFAULT_SERVICE = "sales"
VISIBLE = re.compile(r"[!-~]{1,200}")


async def read(http: Http, route: Route) -> tuple[Request[Any], str]:
    """The request and the name of the service that it is for. Raises Invalid, HttpProblem (400, 415)."""
    query = read_query(http)
    service = _service(query.pop("service", DEFAULT_SERVICE)) if route.of_any_service else route.request.owner()
    if route.file_taken:
        given = {**query, **await _read_file(http, route.file_taken)}
    else:
        given = await _read_body(http) if route.method == "POST" else query
        _refuse_query(route, query)
    _refuse_twice(route, given)
    _refuse_page(route, given)
    return _build(route.request, {**given, **http.path_params}), service


def read_query(http: Http) -> dict[str, Any]:
    """The query's parameters, each at most once. Raises Invalid."""
    found: dict[str, Any] = {}
    for name, value in http.query_params.multi_items():
        if name in found:
            raise invalid(name, "given twice")
        found[name] = value
    return found


def read_idempotency_key(http: Http) -> str | None:
    """Raises Invalid."""
    key = http.headers.get("idempotency-key")
    if key is not None and not VISIBLE.fullmatch(key):
        raise invalid("Idempotency-Key", "1 to 200 visible characters")
    return key


def parse_json(body: bytes) -> Any:
    """RFC 8259 and nothing else. Raises HttpProblem (400)."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise HttpProblem(400, "not_json", "the body is not JSON") from None


def media_type(http: Http) -> str:
    """The body's type without its parameters."""
    return http.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read_body(http: Http) -> dict[str, Any]:
    """A JSON object; no body at all is an empty one."""
    body = await http.body()
    if not body.strip():
        return {}
    if media_type(http) != "application/json":
        raise HttpProblem(415, "unsupported_media_type", "send application/json")
    found = parse_json(body)
    if not isinstance(found, dict):
        raise invalid("(all)", "not an object")
    return found


async def _read_file(http: Http, wanted: type[Upload[Any]]) -> dict[str, Any]:
    """The body as it is, and its type. Raises HttpProblem (400, 415)."""
    kind = media_type(http)
    if kind not in wanted.accepts:
        raise HttpProblem(415, "unsupported_media_type", f"send {' or '.join(wanted.accepts)}")
    content = await http.body()
    if not content:
        raise HttpProblem(400, "no_file", "the body is the file, and there is none")
    return {"media_type": kind, "content": content}


def _refuse_query(route: Route, query: dict[str, Any]) -> None:
    """A name in the wrong place is a mistake that nobody should have to search for."""
    if route.method == "POST" and query:
        raise invalid(next(iter(query)), "no query parameter of this path")


def _refuse_twice(route: Route, given: dict[str, Any]) -> None:
    twice = sorted(route.in_path & given.keys())
    if twice:
        raise invalid(twice[0], "the path says this already")


def _refuse_page(route: Route, given: dict[str, Any]) -> None:
    pages = sorted(route.not_asked & given.keys())
    if pages:
        raise invalid(pages[0], "a file has the whole list")


def _service(name: str) -> str:
    if name not in PUBLISHED:
        raise invalid("service", f"not one of {', '.join(PUBLISHED)}")
    return name


def _build(kind: type[Request[Any]], values: dict[str, Any]) -> Request[Any]:
    nul = _path_to_nul(values)
    if nul:
        raise invalid(nul, "holds a NUL character")
    try:
        # Replies and events tolerate what they do not know; a person's typing error must not pass in silence.
        return kind.model_validate(values, extra="forbid")
    except ValidationError as error:
        found = faults(error)
        sentence = "; ".join([f"{fault['field']}: {fault['reason']}" for fault in found])
        raise Invalid("invalid", sentence[:500], errors=found) from None


def _path_to_nul(value: Any, path: str = "") -> str:
    """Where a text holds the one character that PostgreSQL cannot keep; empty when none does."""
    if isinstance(value, str):
        return path if "\0" in value else ""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = (_path_to_nul(part, f"{path}.{name}".lstrip(".")) for name, part in pairs)
    return next(filter(None, inner), "")
