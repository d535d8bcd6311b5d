"""The kinds of failure. Each says once what every door does with it; nobody catches them in between."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

PATIENCE = timedelta(days=3)
"""As long as a till may be offline and then hand in all it has: what has not come by then will not come by itself."""


class KaryaError(Exception):
    """`code` is stable and for machines, `detail` is for people; neither ever carries personal data."""

    kind: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    tries: ClassVar[int | None] = 0
    """How often a parked message of this kind is tried again by itself; None: until its patience ends."""
    patience: timedelta | None = None
    """How long a parked message of this kind may wait by itself; None: only `tries` counts."""

    def __init__(self, code: str, detail: str, *, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.errors = code, detail, errors or []

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 body (`application/problem+json`)."""
        body: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status,
                                "detail": self.detail, "code": self.code}  # fmt: skip
        return body | ({"errors": self.errors} if self.errors else {})


class Invalid(KaryaError):
    """It cannot be read as what it claims to be. `errors`: one `{"field", "reason"}` for each fault."""

    kind, status, title = "invalid", 422, "Not valid"


class Rejected(KaryaError):
    """A rule says no; a person decides. `candidates`: what she may choose between."""

    kind, status, title = "rejected", 409, "Refused by a rule"

    def __init__(self, code: str, detail: str, *, candidates: list[Any] | None = None) -> None:
        super().__init__(code, detail)
        self.candidates = candidates or []


class NotFound(KaryaError):
    kind, status, title = "not_found", 404, "Not found"


class Conflict(Rejected):
    """It contradicts what is already recorded."""

    kind, status, title = "conflict", 409, "Contradicts what is recorded"


class NotYet(KaryaError):
    """What it needs has not arrived; trying again can help, for as long as `patience`; then a person must look."""

    kind, status, title, tries = "not_yet", 409, "Not possible yet", None

    def __init__(self, code: str, detail: str, patience: timedelta | None = None) -> None:
        super().__init__(code, detail)
        self.patience = PATIENCE if patience is None else patience


class Unavailable(KaryaError):
    """A server that is needed is away. Never the message's fault, never counted against it."""

    kind, status, title = "unavailable", 503, "Not available now"


class Bug(KaryaError):
    """Our own fault. Says nothing of what is inside."""

    kind, status, title, tries = "bug", 500, "Unexpected error", 8


KINDS: dict[str, type[KaryaError]] = {
    k.kind: k for k in (Invalid, Rejected, NotFound, Conflict, NotYet, Unavailable, Bug)
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code stands for, in plain words. `means`: what has happened; `remedy`: what a person does about it."""

    means: str
    remedy: str
