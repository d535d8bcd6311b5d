"""Whoever acts through the gateway with a key of her own: coordinators, jurors, finance, outlets."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

NOT_YET = frozenset({"maker_unknown", "sku_unknown", "serial_unknown", "outlet_unknown"})
"""What one service knows reaches the next a moment later."""

Json = dict[str, Any]


class Person:
    """A person with a key."""

    def __init__(self, http: httpx.AsyncClient, key: str) -> None:
        self._http, self._headers = http, {"Authorization": f"Bearer {key}"}

    async def post(self, path: str, body: Any = None) -> Any:
        """Done once, whatever happens on the way; what is not possible yet is asked again."""
        once = str(uuid4())
        for _ in range(100):
            answer = await self._post(path, body, once)
            if answer.status_code != 409 or answer.json()["code"] not in NOT_YET:
                break
            await asyncio.sleep(0.05)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def insist(self, path: str, body: Any = None) -> Any:
        """As somebody does whose line is cut: again under the same key, until there is an answer."""
        once = str(uuid4())
        while True:
            try:
                answer = await self._post(path, body, once)
            except httpx.TransportError:
                answer = None
            if answer is not None and not answer.is_server_error:
                assert answer.is_success, f"{path}: {answer.text}"
                return answer.json()
            await asyncio.sleep(0.1)

    async def upload(self, path: str, content: bytes, kind: str, **query: str) -> Any:
        """The body is the file."""
        headers = self._headers | {"Idempotency-Key": str(uuid4()), "Content-Type": kind}
        answer = await self._http.post(path, content=content, headers=headers, params=query)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def try_to_post(self, path: str, body: Any = None) -> httpx.Response:
        """Whatever is answered."""
        return await self._post(path, body, str(uuid4()))

    async def press(self, path: str, times: int, once: str | None = None) -> list[httpx.Response]:
        """A button pressed so often at once: under one key, or each time under another. Whatever is answered."""
        return await asyncio.gather(*[self._post(path, None, once or str(uuid4())) for _ in range(times)])

    async def refused(self, path: str, body: Any = None) -> Json:
        """The problem that is answered."""
        answer = await self.try_to_post(path, body)
        assert answer.is_client_error, f"{path}: {answer.text}"
        problem: Json = answer.json()
        return problem

    async def get(self, path: str, **query: str | int) -> Any:
        answer = await self._http.get(path, headers=self._headers, params=query)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json()

    async def file(self, path: str) -> bytes:
        answer = await self._http.get(path, headers=self._headers)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.content

    async def every(self, path: str, **query: str | int) -> list[Any]:
        """All items of a list, page by page."""
        page = await self.get(path, limit=500, **query)
        items: list[Any] = page["items"]
        while page["next"]:
            page = await self.get(path, limit=500, cursor=page["next"], **query)
            items += page["items"]
        return items

    async def _post(self, path: str, body: Any, once: str) -> httpx.Response:
        headers = self._headers | {"Idempotency-Key": once}
        return await self._http.post(path, json={} if body is None else body, headers=headers)
