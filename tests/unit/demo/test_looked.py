"""What the system says of the programme is asked of a system that has played this programme."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.local.demo.api import Api, Lines
from deploy.local.demo.desk import Desk
from deploy.local.demo.looked import look
from deploy.local.demo.programme import programme
from deploy.local.state import SetupError

PLAN = programme(1)


@dataclass
class Gateway(Lines):
    """Answers every list with these."""

    items: list[Any]

    async def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        answer = {"items": self.items, "next": None}
        return httpx.Response(200, json=answer, request=httpx.Request(method, f"http://gateway{path}"))


async def test_a_system_with_an_earlier_versions_programme_is_told_apart() -> None:
    """Its cohorts were opened without curricula."""
    api = Api(Gateway([{"curriculum": None}]), "key")
    desk = Desk(api, api, (), {})
    with pytest.raises(SetupError, match="earlier version"):
        await look(desk, PLAN, ["id"] * len(PLAN.people))
