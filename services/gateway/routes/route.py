"""What a row of the table of paths says: method, path, what is asked, and who may ask it."""

import re
from dataclasses import dataclass, replace
from mimetypes import guess_type
from typing import Any

from services.gateway.auth import Role
from services.gateway.papers.paper import Make
from shared.contracts.message import Document, Page, Request, Upload

COORDINATOR = frozenset({Role.COORDINATOR})
JUROR = frozenset({Role.JUROR})
SELECTION = frozenset({Role.COORDINATOR, Role.JUROR})
MONEY = frozenset({Role.COORDINATOR, Role.FINANCE})
WATCH = frozenset({Role.COORDINATOR, Role.FINANCE, Role.OPERATOR})
MEND = frozenset({Role.COORDINATOR, Role.OPERATOR})
STOCK = frozenset({Role.COORDINATOR, Role.FINANCE, Role.OUTLET})
SHELF = frozenset({Role.COORDINATOR, Role.OUTLET})
EVERYBODY = frozenset(Role)
NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """What stands in braces in `path` is a field of `request`; the others come from the query or from the body.

    `own`: the field that must be the key's own outlet when an outlet asks; when it may be left out, it is filled in.
    `paper`: makes a file of the reply; of a list it is given all pages, so nobody asks for one of them.
    """

    method: str
    path: str
    request: type[Request[Any]]
    roles: frozenset[Role]
    summary: str
    status: int = 200
    own: str | None = None
    paper: Make | None = None

    @property
    def in_path(self) -> frozenset[str]:
        """The fields that the path gives."""
        return frozenset(NAMED.findall(self.path))

    @property
    def file_type(self) -> str | None:
        """The media type of the file that is answered, as far as the path tells; None when the answer is JSON."""
        if self.paper is None and not issubclass(self.request.reply(), Document):
            return None
        return guess_type(self.path)[0] or "*/*"

    @property
    def not_asked(self) -> frozenset[str]:
        """The fields of the request that nobody may give: a paper is of all pages."""
        whole = self.paper is not None and issubclass(self.request, Page)
        return frozenset(Page.model_fields) if whole else frozenset()

    @property
    def file_taken(self) -> type[Upload[Any]] | None:
        """What is asked when the body is a file; None when the body is JSON."""
        return self.request if issubclass(self.request, Upload) else None

    @property
    def of_any_service(self) -> bool:
        """Every service answers it, so the caller says which, with `?service=`."""
        return self.request.owner() == "operations"


def get(path: str, request: type[Request[Any]], roles: frozenset[Role], summary: str, own: str | None = None) -> Route:
    return Route("GET", path, request, roles, summary, own=own)


def post(path: str, request: type[Request[Any]], roles: frozenset[Role], summary: str, status: int = 200) -> Route:
    return Route("POST", path, request, roles, summary, status)


def own(field: str, route: Route) -> Route:
    return replace(route, own=field)


def paper(make: Make, route: Route) -> Route:
    """The same request, answered with a file. The path's ending says of which type."""
    return replace(route, paper=make)
