"""The OpenAPI 3.1 document: made from the routes table and the contracts, nothing written twice."""

from copy import deepcopy
from typing import Any

from services.gateway import feed, reports
from services.gateway.routes import ROUTES, Route
from services.gateway.schemas import (
    EXAMPLE,
    FAULT,
    PROBLEM,
    RECEIPT,
    TEXT,
    Json,
    batch_of,
    envelope_ref,
    envelopes_of,
    not_null,
    of_models,
    ref,
)
from shared.contracts.message import Upload
from shared.contracts.subscriptions import PUBLISHED
from shared.runtime.envelope import BATCH, SINGLE

JSON = "application/json"
ABOUT = """\
One table of paths over the four services. Times are RFC 3339, money is whole rupiah, lists take `limit` and an opaque
`cursor`. Errors are `application/problem+json` with a stable `code`. Send an `Idempotency-Key` with every POST: a
repeat gets the first answer, the same key with another body 409 `idempotency_key_reused`. Till reports: one CloudEvent
or an array of up to 500, from a key of role `outlet`."""


def build() -> Json:
    """The whole document."""
    schemas = _schemas()
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    paths.setdefault(reports.PATH, {})["post"] = _reports()
    paths[feed.PATH] = {"get": _feed()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Karya Rusun", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(_tag(route) for route in ROUTES)] + [{"name": "live"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "`./karya key create`"}},
            "parameters": {"IdempotencyKey": _idempotency_key()},
            "responses": {
                "Problem": _content("What went wrong.", "application/problem+json", {"$ref": _name("Problem")})
            },
            "schemas": dict(sorted(_used(paths, schemas).items())),
        },
    }


def _schemas() -> dict[str, Json]:
    models = [model for route in ROUTES for model in (route.request, route.request.reply())]
    return (
        of_models(models)
        | envelopes_of(reports.REPORTS)
        | {"Problem": PROBLEM, "Fault": FAULT, "ReportsTaken": RECEIPT}
    )


def _operation(route: Route, schemas: dict[str, Json]) -> Json:
    whole = schemas[route.request.__name__]
    operation = _described(_operation_name(route), route.summary, _tag(route), sorted(route.roles))
    operation["description"] = f"{whole.get('description', '')}\n\n{operation['description']}".strip()
    operation["parameters"] = _parameters(route, whole)
    if route.file_taken:
        operation["requestBody"] = _file(route.file_taken)
    elif route.method == "POST":
        operation |= _body(route, whole, schemas)
    operation["responses"] = {str(route.status): _answer(route), **_problems()}
    return operation


def _answer(route: Route) -> Json:
    if route.file_type is None:
        return _content("Done." if route.method == "POST" else "Found.", JSON, ref(route.request.reply()))
    answer = _content("A file.", route.file_type, TEXT | {"format": "binary"})
    answer["headers"] = {"Content-Disposition": {"description": "`attachment` and the file's name.", "schema": TEXT}}
    return answer


def _parameters(route: Route, whole: Json) -> list[Json]:
    fields, required = whole.get("properties", {}), whole.get("required", [])
    found = [_parameter(name, "path", fields[name], True) for name in fields if name in route.in_path]
    if route.of_any_service:
        service = {"type": "string", "enum": list(PUBLISHED), "default": "sales"}
        found.append(_parameter("service", "query", service, False))
    if route.method == "POST":
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
        if not route.file_taken:
            return found
    rest = [name for name in fields if name not in route.in_path | route.not_asked | set(Upload.model_fields)]
    return found + [_parameter(name, "query", not_null(fields[name]), name in required) for name in rest]


def _file(wanted: type[Upload[Any]]) -> Json:
    content = {kind: {"schema": TEXT | {"format": "binary"}} for kind in wanted.accepts}
    return {"required": True, "description": f"At most {wanted.most_bytes} bytes.", "content": content}


def _body(route: Route, whole: Json, schemas: dict[str, Json]) -> Json:
    """The request without what the path says; nothing when the path says all."""
    body = deepcopy(whole)
    body["properties"] = {name: field for name, field in whole["properties"].items() if name not in route.in_path}
    body["required"] = [name for name in whole.get("required", []) if name not in route.in_path]
    if not body["properties"]:
        return {}
    needed = bool(body["required"])
    if not needed:
        del body["required"]
    body["additionalProperties"] = False
    schemas[route.request.__name__] = body
    return {"requestBody": {"required": needed, "content": {JSON: {"schema": ref(route.request)}}}}


def _reports() -> Json:
    one = [envelope_ref(event) for event in reports.REPORTS]
    either = {"oneOf": [batch_of(*one), *one]}
    operation = _described("HandInReports", "Hand in what a till has done", "sales", sorted(reports.ROLES))
    operation["parameters"] = [{"$ref": "#/components/parameters/IdempotencyKey"}]
    operation["requestBody"] = {
        "required": True,
        "content": {
            BATCH: {"schema": batch_of(*one)},
            SINGLE: {"schema": {"oneOf": one}},
            JSON: {"schema": either, "example": [EXAMPLE]},
        },
    }
    taken = _content("The broker has them.", JSON, {"$ref": _name("ReportsTaken")})
    return operation | {"responses": {"202": taken, **_problems()}}


def _feed() -> Json:
    operation = _described("ListenToEvents", "All that happens, as it happens", "live", sorted(feed.ROLES))
    wanted = _parameter("type", "query", TEXT | {"description": "How the wanted types begin, say `sales.`"}, False)
    last = _parameter("Last-Event-ID", "header", TEXT | {"description": "The event after which to go on."}, False)
    stream = _content("Server-sent events, each a CloudEvent.", "text/event-stream", TEXT)
    return operation | {"parameters": [wanted, last], "responses": {"200": stream, **_problems()}}


def _described(name: str, summary: str, tag: str, roles: list[str]) -> Json:
    return {
        "operationId": name[0].lower() + name[1:],
        "summary": summary,
        "description": f"Roles: {', '.join(roles)}.",
        "tags": [tag],
    }


def _operation_name(route: Route) -> str:
    """A paper is of a request that has a row of its own: `GetStatement`, `GetStatementPdf`."""
    kind = route.path.rpartition(".")[2].title() if route.paper else ""
    return f"{route.request.__name__}{kind}"


def _idempotency_key() -> Json:
    schema = TEXT | {"minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return _parameter("Idempotency-Key", "header", schema, False)


def _parameter(name: str, place: str, schema: Json, required: bool) -> Json:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _content(description: str, media_type: str, schema: Json) -> Json:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _problems() -> Json:
    return {"default": {"$ref": "#/components/responses/Problem"}}


def _tag(route: Route) -> str:
    return "parked" if route.of_any_service else route.request.owner()


def _name(model: str) -> str:
    return f"#/components/schemas/{model}"


def _used(paths: Json, schemas: dict[str, Json]) -> dict[str, Json]:
    """Those that a path leads to: requests whose fields are all parameters are not among them."""
    used: dict[str, Json] = {"Problem": schemas["Problem"]}
    waiting = [*_refs(paths), *_refs(schemas["Problem"])]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = schemas[name]
            waiting += _refs(schemas[name])
    return used


def _refs(part: Any) -> list[str]:
    if isinstance(part, dict):
        target = part.get("$ref")
        own = [target.rsplit("/", 1)[1]] if isinstance(target, str) and "/schemas/" in target else []
        return own + [name for inner in part.values() for name in _refs(inner)]
    return [name for inner in part for name in _refs(inner)] if isinstance(part, list) else []
