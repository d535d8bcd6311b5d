"""The gateway as its users see it: commands that are done once, lists read to their end, patience where it helps."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

T = TypeVar("T")
Json = dict[str, Any]

AT_ONCE = 16
"""How many requests are under way at a time."""

NOT_YET = frozenset({"maker_unknown", "sku_unknown", "agreement_missing", "outlet_unknown", "sessions_open"})
"""What one service knows reaches the next a moment later: a refusal for that reason is worth asking again."""

TRIES = 60
PAUSE, LONGEST_PAUSE = 0.05, 2.0


class Refused(Exception):
    """The gateway said no, and asking again would not help."""

    def __init__(self, path: str, status: int, body: str) -> None:
        super().__init__(f"{path} answered {status or 'nothing'}: {body[:500]}")
        self._body = body

    @property
    def code(self) -> str:
        """The problem's code; empty when the answer has none."""
        try:
            return str(json.loads(self._body)["code"])
        except (ValueError, KeyError, TypeError):
            return ""


class Unanswered(Refused):
    """However often it was asked, it was away, or not so far yet."""


class Lines:
    """As many connections to the gateway as there are requests under way, each kept for the next one.

    A client with a single connection costs a third of what one with a pool of them does: the pool looks at every
    connection for every request.
    """

    def __init__(self, url: str) -> None:
        self._url, self._tls = url, ssl.create_default_context()
        self._free: list[httpx.AsyncClient] = []

    async def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Asks on a connection of its own. Raises httpx.TransportError."""
        line = self._free.pop() if self._free else self._open()
        try:
            return await line.request(method, path, **request)
        finally:
            self._free.append(line)

    async def close(self) -> None:
        """Hang up."""
        while self._free:
            await self._free.pop().aclose()

    def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._url, timeout=30, verify=self._tls, trust_env=False)


@dataclass(frozen=True)
class Api:
    """The gateway with one key. Safe to repeat: every command carries an Idempotency-Key of its own making."""

    lines: Lines
    key: str
    tries: int = TRIES

    async def post(self, path: str, body: Any, once: str = "") -> Json:
        """A command, done once for each value of `once`."""
        answer: Json = (await self._ask("POST", path, headers=self._once(once), json=body)).json()
        return answer

    async def upload(self, path: str, content: bytes, media_type: str, once: str, **query: str) -> Json:
        """A file, taken once for each value of `once`."""
        headers = self._once(once) | {"Content-Type": media_type}
        answer: Json = (await self._ask("POST", path, headers=headers, content=content, params=query)).json()
        return answer

    async def refusal(self, path: str, body: Any) -> str:
        """The code with which a command is refused; empty when it is not."""
        try:
            await self.post(path, body)
        except Refused as refused:
            return refused.code
        return ""

    async def get(self, path: str, **query: str | int) -> Json:
        """A question."""
        answer: Json = (await self._ask("GET", path, headers=self._headers(), params=query)).json()
        return answer

    async def file(self, path: str) -> bytes:
        """A file as it is answered."""
        return (await self._ask("GET", path, headers=self._headers())).content

    async def page(self, path: str) -> str:
        """What anybody sees there, without a key."""
        return (await self._ask("GET", path, headers={"Accept-Language": "en"})).text

    async def every(self, path: str, **query: str | int) -> list[Json]:
        """All items of a list, page by page."""
        page = await self.get(path, limit=500, **query)
        items: list[Json] = page["items"]
        while page["next"]:
            page = await self.get(path, limit=500, cursor=page["next"], **query)
            items += page["items"]
        return items

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _once(self, once: str) -> dict[str, str]:
        return self._headers() | ({"Idempotency-Key": f"demo/{once}"} if once else {})

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Asks until there is an answer: a gateway that restarts or a fact that is under way is waited for."""
        pause = PAUSE
        for left in reversed(range(self.tries)):
            try:
                response = await self.lines.request(method, path, **request)
                status, said = response.status_code, response.text
            except httpx.TransportError as error:
                status, said = 0, type(error).__name__
            if httpx.codes.is_success(status):
                return response
            if not _may_pass(status, said):
                raise Refused(path, status, said)
            if left:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE)
        raise Unanswered(path, status, said)


def _may_pass(status: int, said: str) -> bool:
    """Whether the same question may have another answer soon."""
    if status == httpx.codes.CONFLICT:
        return json.loads(said).get("code") in NOT_YET
    return status in (0, httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE)


class Advance(Protocol):
    """Is told what has just been done."""

    def __call__(self, parts: int = 1) -> None: ...


async def each(items: Iterable[T], work: Callable[[T], Awaitable[object]], done: Advance) -> None:
    """Does the work for every item, some at a time, and says when each is done."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(item: T) -> None:
        async with room:
            await work(item)
        done()

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(one(item))
