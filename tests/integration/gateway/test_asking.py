"""What is asked by HTTP reaches the service that knows, and its answer comes back as it was given."""

import time
from uuid import uuid4

import pytest

from shared.runtime.envelope import named_id
from shared.runtime.process import Process
from tests.integration.gateway.answering import asked
from tests.integration.gateway.conftest import House, problem

RUSUN = {"code": "pulogebang", "name": "Pulogebang", "cooperative": "kop", "cooperative_name": "Koperasi"}


@pytest.fixture(autouse=True)
def forget() -> None:
    asked.clear()


async def test_a_command_is_answered_with_the_services_own_reply(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator", name="ani")
    answer = await coordinator.post("/v1/rusun", json=RUSUN)
    assert answer.status_code == 201
    assert answer.json() == RUSUN | {"name": "Pulogebang (1)"}
    assert asked[0].actor == "coordinator:ani"
    assert answer.headers["x-correlation-id"] == str(asked[0].id)


async def test_a_query_takes_its_fields_from_the_query(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.get("/v1/makers", params={"limit": 7, "rusun": "pulogebang"})
    assert answer.json() == {"items": [], "next": "after-7"}
    assert asked[0].data.rusun == "pulogebang"


async def test_a_path_alone_can_be_the_whole_command(house: House, training: Process) -> None:
    coordinator, cohort = await house.client("coordinator"), str(uuid4())
    answer = await coordinator.post(f"/v1/cohorts/{cohort}/completion")
    assert answer.status_code == 200
    assert answer.json()["cohort_id"] == cohort


async def test_a_repeat_of_an_idempotency_key_gets_the_first_answer(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator", name="ani")
    headers = {"Idempotency-Key": "monday-1"}
    first = await coordinator.post("/v1/rusun", json=RUSUN, headers=headers)
    again = await coordinator.post("/v1/rusun", json=RUSUN, headers=headers)
    assert again.status_code == 201
    assert again.content == first.content
    assert [command.id for command in asked] == [named_id("idempotency", "ani", "monday-1")]


async def test_an_idempotency_key_with_another_body_is_a_conflict(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator")
    headers = {"Idempotency-Key": "monday-1"}
    await coordinator.post("/v1/rusun", json=RUSUN, headers=headers)
    other = await coordinator.post("/v1/rusun", json=RUSUN | {"name": "Another"}, headers=headers)
    assert problem(other, 409)["code"] == "idempotency_key_reused"


async def test_two_accounts_may_use_the_same_idempotency_key(house: House, training: Process) -> None:
    headers = {"Idempotency-Key": "monday-1"}
    for name, code in (("ani", "pulogebang"), ("budi", "komarudin")):
        client = await house.client("coordinator", name=name)
        answer = await client.post("/v1/rusun", json=RUSUN | {"code": code}, headers=headers)
        assert answer.json()["code"] == code


@pytest.mark.parametrize("key", ["", "with blank", "x" * 201])
async def test_an_idempotency_key_that_is_none_is_refused(house: House, key: str) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.post("/v1/rusun", json=RUSUN, headers={"Idempotency-Key": key})
    assert problem(answer, 422)["errors"][0]["field"] == "Idempotency-Key"


async def test_what_a_service_refuses_is_a_problem_with_its_choices(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.post("/v1/rusun", json=RUSUN | {"code": "taken"})
    assert problem(answer, 409)["code"] == "rusun_exists"
    assert answer.json()["candidates"] == ["taken-2"]
    unknown = await coordinator.get("/v1/certificates/KR-1")
    assert problem(unknown, 404)["code"] == "certificate_unknown"


async def test_a_bug_in_a_service_tells_nothing_of_its_inside(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.post("/v1/rusun", json=RUSUN | {"code": "broken"})
    assert problem(answer, 500)["code"] == "bug"
    assert "secret" not in answer.text


async def test_a_service_that_is_away_is_said_to_be_at_once(house: House) -> None:
    coordinator, started = await house.client("coordinator"), time.monotonic()
    answer = await coordinator.get("/v1/products")
    assert problem(answer, 503)["code"] == "unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert time.monotonic() - started < 3


async def test_a_trace_and_a_request_id_from_outside_are_continued(house: House, training: Process) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01", "X-Request-Id": "till-7:42"}
    coordinator = await house.client("coordinator")
    answer = await coordinator.get("/v1/makers", headers=headers)
    assert answer.headers["x-request-id"] == "till-7:42"
    assert (asked[0].envelope.traceparent or "").split("-")[1] == trace
    unasked = await coordinator.get("/v1/makers")
    assert len(unasked.headers["x-request-id"]) == 36


async def test_parked_messages_are_those_of_sales_unless_another_service_is_named(
    house: House, training: Process, sales: Process
) -> None:
    operator = await house.client("operator")
    for path in ("/v1/parked", "/v1/parked?service=training"):
        answer = await operator.get(path)
        assert answer.json() == {"items": [], "next": None}
    assert problem(await operator.get("/v1/parked?service=kitchen"), 422)["errors"][0]["field"] == "service"
    missing = await operator.post(f"/v1/parked/{uuid4()}/discard?service=training", json={"reason": "a test"})
    assert problem(missing, 404)["code"] == "parked_unknown"
