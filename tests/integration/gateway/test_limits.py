"""What people mistype is named, what is too large or too slow is cut off, and nothing of it reaches a service."""

import asyncio
import json
import time
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway import middleware, wire
from shared.runtime.process import Process
from tests.integration.gateway.answering import asked
from tests.integration.gateway.conftest import House, problem
from tests.integration.gateway.test_asking import RUSUN

COHORT = {"craft": "batik", "title": "Batik", "rusun": "pulogebang", "trainer": "Ibu"}
SESSION = {"planned_start": "2026-11-21T10:00:00+07:00"}


@pytest.fixture(autouse=True)
def forget() -> None:
    asked.clear()


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/v1/rusun", RUSUN | {"adress": "x"}, "adress"),
        ("POST", "/v1/rusun", {"code": "A B"} | {k: v for k, v in RUSUN.items() if k != "code"}, "code"),
        ("POST", "/v1/rusun?code=x", RUSUN, "code"),
        ("POST", "/v1/rusun", [RUSUN], "(all)"),
        ("POST", "/v1/rusun", RUSUN | {"name": "a\0b"}, "name"),
        ("POST", "/v1/cohorts", COHORT | {"sessions": [SESSION | {"minutes": 3}]}, "sessions.0.minutes"),
        ("POST", f"/v1/cohorts/{UUID(int=7)}/completion", {"cohort_id": str(uuid4())}, "cohort_id"),
        ("GET", "/v1/makers?limt=3", None, "limt"),
        ("GET", "/v1/makers?limit=501", None, "limit"),
        ("GET", "/v1/makers?limit=1&limit=2", None, "limit"),
        ("GET", "/v1/makers?service=sales", None, "service"),
        ("GET", "/v1/makers/nobody", None, "maker_id"),
        ("GET", "/v1/makers?cursor=%00", None, "cursor"),
    ],
)
async def test_a_mistake_is_named_by_its_field(house: House, method: str, path: str, body: Any, field: str) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.request(method, path, json=body)
    assert [fault["field"] for fault in problem(answer, 422)["errors"]] == [field]
    assert all(fault["reason"] for fault in answer.json()["errors"])
    assert asked == []


async def test_what_was_sent_is_not_sent_back(house: House) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.post("/v1/makers", json={"name": "Siti", "phone": "1", "nik": "3175-secret"})
    assert problem(answer, 422)["code"] == "invalid"
    assert "secret" not in answer.text
    assert "Siti" not in answer.text


async def test_paths_and_methods_that_are_not_there_are_problems_too(house: House) -> None:
    coordinator = await house.client("coordinator")
    assert problem(await coordinator.get("/v1/nothing"), 404)["code"] == "path_not_found"
    answer = await coordinator.delete("/v1/makers")
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("content", [b"{", b'{"code": NaN}', b"\xff\xfe", b'"' + b"[" * 5000])
async def test_what_is_not_json_is_refused(house: House, content: bytes) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.post("/v1/rusun", content=content, headers={"Content-Type": "application/json"})
    assert problem(answer, 400)["code"] == "not_json"


async def test_another_media_type_is_refused(house: House) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.post("/v1/rusun", data={"code": "x"})
    assert problem(answer, 415)["code"] == "unsupported_media_type"


async def test_a_body_over_a_mebibyte_is_refused_even_when_it_hides_its_length(house: House) -> None:
    coordinator = await house.client("coordinator")
    large = json.dumps(RUSUN | {"name": "x" * 1024 * 1024}).encode()

    async def in_pieces() -> Any:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    headers = {"Content-Type": "application/json"}
    for content in (large, in_pieces()):
        answer = await coordinator.post("/v1/rusun", content=content, headers=headers)
        assert problem(answer, 413)["code"] == "body_too_large"


async def test_a_body_that_does_not_come_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.3)
    coordinator = await house.client("coordinator")
    key = coordinator.headers["authorization"]
    head = f"POST /v1/rusun HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\nContent-Type: application/json\r\n"
    answer = await _raw(house, f"{head}Content-Length: 10\r\n\r\n{{".encode())
    assert b" 408 " in answer.splitlines()[0]
    assert b'"code":"body_too_slow"' in answer


@pytest.mark.parametrize("line_ends", [True, False])
async def test_a_head_without_end_is_cut_off(house: House, line_ends: bool) -> None:
    end = "\r\n\r\n" if line_ends else ""
    answer = await _raw(house, f"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Large: {'x' * 40_000}{end}".encode())
    assert b" 431 " in answer.splitlines()[0]


async def test_who_says_nothing_is_hung_up_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    started = time.monotonic()
    assert await _raw(house, b"") == b""
    assert await _raw(house, b"GET /health/live HTTP/1.1\r\nHost") == b""
    assert time.monotonic() - started < 4


async def test_requests_one_after_the_other_share_a_connection(house: House) -> None:
    ask = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = await _raw(house, ask * 3 + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 4


async def test_the_log_names_who_and_what_but_no_content(
    house: House, training: Process, capsys: pytest.CaptureFixture[str]
) -> None:
    coordinator = await house.client("coordinator", name="ani")
    capsys.readouterr()
    await coordinator.post("/v1/rusun", json=RUSUN | {"name": "A secret name"})
    await coordinator.get("/v1/makers?rusun=secret-rusun")
    await coordinator.get(f"/v1/makers/{uuid4()}")
    lines = [line for line in capsys.readouterr().out.splitlines() if "http_request" in line]
    assert len(lines) == 3
    assert all("account=ani" in line and "secret" not in line for line in lines)
    assert ["/v1/makers/{maker_id}" in line for line in lines] == [False, False, True]


async def test_metrics_count_by_template_and_status(house: House) -> None:
    client = await house.anybody()
    await client.get(f"/v1/makers/{uuid4()}")
    found = (await client.get("/metrics")).text
    assert 'karya_http_request_seconds_count{method="GET",route="/v1/makers/{maker_id}",status="401"}' in found


async def _raw(house: House, sent: bytes) -> bytes:
    """All that comes back on one connection until the server closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(sent)
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()
