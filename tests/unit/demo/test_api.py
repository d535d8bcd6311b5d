"""How the demo asks: files, pages without a key, and refusals that are meant."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from deploy.local.demo.api import Api, Lines, Refused


@dataclass
class Gateway(Lines):
    """Answers every request with this, and remembers what it was asked."""

    status: int = 200
    body: Any = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        self.asked.append({"method": method, "path": path, **request})
        return httpx.Response(self.status, json=self.body, request=httpx.Request(method, f"http://gateway{path}"))


async def test_a_file_goes_as_it_is_with_its_type_and_its_key() -> None:
    gateway = Gateway(body={"registered": 1})
    answer = await Api(gateway, "key").upload("/v1/makers/import", b"a,b", "text/csv", "list", rusun="pulogebang")
    [asked] = gateway.asked
    assert answer == {"registered": 1}
    assert (asked["content"], asked["params"]) == (b"a,b", {"rusun": "pulogebang"})
    assert asked["headers"]["Content-Type"] == "text/csv"
    assert asked["headers"]["Idempotency-Key"] == "demo/list"


async def test_a_page_is_looked_at_without_a_key() -> None:
    gateway = Gateway(body="page")
    await Api(gateway, "key").page("/story/KARYA-01")
    assert "Authorization" not in gateway.asked[0]["headers"]


async def test_a_refusal_that_is_meant_says_its_code() -> None:
    gateway = Gateway(status=409, body={"code": "juror_trained_maker"})
    assert await Api(gateway, "key").refusal("/v1/submissions/1/reviews", {}) == "juror_trained_maker"


async def test_what_is_not_refused_has_no_code() -> None:
    assert await Api(Gateway(body={}), "key").refusal("/v1/submissions/1/reviews", {}) == ""


async def test_any_other_refusal_stops_the_demo() -> None:
    with pytest.raises(Refused, match="not_enrolled"):
        await Api(Gateway(status=409, body={"code": "not_enrolled"}), "key").post("/v1/x", {}, "x")
