"""What the demo waits for, and what not."""

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.local.demo.api import Api, Lines
from deploy.local.demo.desk import Desk


@dataclass
class Gateway(Lines):
    """Answers every request with this."""

    body: Any

    async def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        return httpx.Response(200, json=self.body, request=httpx.Request(method, f"http://gateway{path}"))


async def test_it_does_not_wait_for_what_somebody_else_has_to_bring() -> None:
    """Who has tried out an unknown SKU by hand has it wait for three days; the demo goes on."""
    tried = [1, 4, 5, 9]
    gateway = Gateway({"items": [{"attempts": attempts} for attempts in tried], "next": None})
    assert await Desk(Api(gateway, "key"), Api(gateway, "key"), (), {}).waiting() == 2
