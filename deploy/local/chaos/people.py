"""People with keys: what they ask of the gateway, insisting until they have an answer."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.state import SetupError

Json = dict[str, Any]
PATIENCE, PAUSE = 300.0, 0.3
"""Longer than any row of faults: who insists has her answer in the end, or the house is broken."""


class Person:
    """One key. `urls`: the gateways that run now; any will do."""

    def __init__(self, key: str, urls: Callable[[], Sequence[str]]) -> None:
        self._urls, self._turn = urls, 0
        self._http = httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=12, trust_env=False)

    async def post(self, path: str, body: Json | None = None, once: str = "") -> Json:
        """Asked under one Idempotency-Key until it is answered, so that it is done once. Raises SetupError."""
        headers = {"Idempotency-Key": once or str(uuid4())}
        return await self._insist("POST", path, json=body or {}, headers=headers)

    async def get(self, path: str, **query: Any) -> Json:
        return await self._insist("GET", path, params=query)

    async def close(self) -> None:
        await self._http.aclose()

    async def _insist(self, method: str, path: str, **request: Any) -> Json:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            answer = await self._try(method, path, **request)
            if answer is not None and answer.is_success:
                told: Json = answer.json()
                return told
            if answer is not None and answer.is_client_error:
                raise SetupError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
            if asyncio.get_running_loop().time() > deadline:
                raise SetupError(f"{method} {path}: no answer within {PATIENCE:.0f} s")
            await asyncio.sleep(PAUSE)

    async def _try(self, method: str, path: str, **request: Any) -> httpx.Response | None:
        """None: nobody answered."""
        urls = self._urls()
        self._turn += 1
        try:
            return await self._http.request(method, urls[self._turn % len(urls)] + path, **request) if urls else None
        except httpx.HTTPError:
            return None
