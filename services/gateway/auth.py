"""Who is asking: from a bearer key to an account, and whether its role may."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from services.gateway.problems import HttpProblem

KEPT_SECONDS = 5.0
MOST_KEPT = 10_000


class Role(StrEnum):
    COORDINATOR = "coordinator"
    JUROR = "juror"
    FINANCE = "finance"
    OUTLET = "outlet"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a key stands for. `outlet`: the code of the only outlet it speaks for; None for everybody else."""

    name: str
    role: Role
    outlet: str | None

    @property
    def actor(self) -> str:
        """How services see who asked."""
        return f"{self.role}:{self.name}"


Find = Callable[[bytes], Awaitable[Account | None]]
"""From a key's hash to its account, by way of the database."""


def fingerprint(key: str) -> bytes:
    """All that is kept of a key. It is random and long: a plain SHA-256 cannot be searched backwards."""
    return sha256(key.encode()).digest()


class Accounts:
    """Remembers for some seconds whose key it is: a request costs no query, and a revoked key soon ends."""

    def __init__(self, find: Find, clock: Callable[[], float] = time.monotonic) -> None:
        self._find, self._clock = find, clock
        self._kept: OrderedDict[bytes, tuple[float, Account | None]] = OrderedDict()

    async def get(self, authorization: str | None) -> Account:
        """The account of an `Authorization` header. Raises HttpProblem (401), Unavailable."""
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise _unauthorized("send the header `Authorization: Bearer KEY`")
        account = await self._account(fingerprint(key.strip()))
        if account is None:
            raise _unauthorized("this key is not known, or it has been revoked")
        return account

    async def _account(self, hashed: bytes) -> Account | None:
        until, account = self._kept.get(hashed, (0.0, None))
        if until > self._clock():
            return account
        account = await self._find(hashed)
        self._kept[hashed] = (self._clock() + KEPT_SECONDS, account)
        self._kept.move_to_end(hashed)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return account


def require(account: Account, roles: frozenset[Role]) -> None:
    """Raises HttpProblem (403) that names the roles which may."""
    if account.role not in roles:
        needed = " or ".join(sorted(roles))
        raise HttpProblem(403, "role_missing", f"this needs the role {needed}; your key's is {account.role}")


def require_own(account: Account, outlet: object) -> None:
    """An outlet's key speaks for its own outlet only. Raises HttpProblem (403)."""
    if account.outlet is not None and outlet != account.outlet:
        raise HttpProblem(403, "other_outlet", f"your key speaks for the outlet {account.outlet} only")


def _unauthorized(detail: str) -> HttpProblem:
    return HttpProblem(401, "unauthorized", detail, {"WWW-Authenticate": 'Bearer realm="karya"'})
