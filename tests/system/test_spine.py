"""The whole road with real parts: a session becomes a certificate, a sale a share, and the maker is told."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.state import State
from deploy.local.system import Endpoints, System
from services.gateway import keys
from tests.system.conftest import until

CRITERIA = ("market-fit", "sale-value", "finish", "consistency", "repeatability", "price-realism", "authenticity")


class Caller:
    """A person with a key."""

    def __init__(self, http: httpx.AsyncClient, key: str) -> None:
        self._http, self._headers = http, {"Authorization": f"Bearer {key}"}

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Once, whatever happens on the way; what is not possible yet is asked again."""
        headers = self._headers | {"Idempotency-Key": str(uuid4())}
        for _ in range(100):
            answer = await self._http.post(path, json=body, headers=headers)
            if answer.status_code != 409 or answer.json()["code"] not in ("maker_unknown", "sku_unknown"):
                break
            await asyncio.sleep(0.1)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        answer = await self._http.get(path, headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    installed = System(State(tmp_path_factory.mktemp("spine")))
    try:
        yield installed.ensure_up()
    finally:
        installed.down()
        installed.state.erase()


@pytest.fixture
async def http(endpoints: Endpoints) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=endpoints.gateway_url, timeout=30) as client:
        yield client


async def as_role(endpoints: Endpoints, http: httpx.AsyncClient, role: str) -> Caller:
    return Caller(http, await keys.create(endpoints.database_url("gateway"), role, f"{role}-{uuid4().hex[:6]}"))


async def test_a_session_ends_in_a_rupiah_and_a_notice(endpoints: Endpoints, http: httpx.AsyncClient) -> None:
    coordinator = await as_role(endpoints, http, "coordinator")
    juror = await as_role(endpoints, http, "juror")

    maker = await a_trained_maker(coordinator)
    await a_product_on_the_shelf(coordinator, juror, maker)
    await asyncio.to_thread(publish_in_c, endpoints.amqp_url("outlet-citos"))

    async def is_owed() -> bool:
        return bool((await coordinator.get(f"/v1/makers/{maker}/statement"))["balance"] == 525_000)

    async def is_told() -> bool:
        notices = (await coordinator.get(f"/v1/makers/{maker}/notices"))["items"]
        return len(notices) == 3 and all(notice["state"] == "sent" for notice in notices)

    await until(is_owed, "75 % of Rp700.000 is hers", 30)
    await until(is_told, "she is told of certificate, product and sale", 30)
    newest = (await coordinator.get(f"/v1/makers/{maker}/notices"))["items"][0]
    assert "Rp525.000" in newest["text"]
    balance = await coordinator.get("/v1/ledger/trial-balance")
    assert balance["ledger_sum"] == 0


async def a_trained_maker(coordinator: Caller) -> str:
    """Registered, at a session that was planned for 3 hours and ran 6, and certified."""
    rusun = {"code": "pulogebang", "name": "Rusun Pulogebang", "cooperative": "kop", "cooperative_name": "Koperasi"}
    await coordinator.post("/v1/rusun", rusun)
    person = {"name": "Ibu Contoh", "phone": "0812-1111-2222", "rusun": "pulogebang", "block": "A", "unit": "101"}
    maker = (await coordinator.post("/v1/makers", person | {"consents": ["training", "notices"]}))["maker_id"]
    planned = {"planned_start": "2026-10-01T09:00:00+07:00", "planned_minutes": 180}
    course = {
        "craft": "batik",
        "title": "Batik tulis",
        "rusun": "pulogebang",
        "trainer": "Dinas",
        "sessions": [planned],
    }
    cohort = await coordinator.post("/v1/cohorts", course)
    cohort_id, session = cohort["cohort_id"], cohort["sessions"][0]["session_id"]
    await coordinator.post(f"/v1/cohorts/{cohort_id}/enrolments", {"maker_id": maker})
    present = {"entries": [{"maker_id": maker, "status": "present"}]}
    await coordinator.post(f"/v1/sessions/{session}/attendance", present)
    actual = {"actual_start": "2026-10-01T09:05:00+07:00", "actual_minutes": 360}
    closed = await coordinator.post(f"/v1/sessions/{session}/completion", actual)
    assert (closed["planned_minutes"], closed["actual_minutes"]) == (180, 360)
    done = await coordinator.post(f"/v1/cohorts/{cohort_id}/completion", {})
    number = done["certificates"][0]["number"]
    assert (await coordinator.get(f"/v1/certificates/{number}"))["minutes"] == 360
    return str(maker)


async def a_product_on_the_shelf(coordinator: Caller, juror: Caller, maker: str) -> None:
    """Submitted, reviewed, approved, priced, delivered to Citos and received."""
    piece = {"title": "Kain batik", "craft": "batik", "technique": "tulis", "material": "katun", "hours": 12}
    offer = piece | {"asking_price": 700_000, "makers": [{"maker_id": maker}]}
    submission = (await coordinator.post("/v1/submissions", offer))["submission_id"]
    await juror.post(f"/v1/submissions/{submission}/reviews", {"scores": dict.fromkeys(CRITERIA, 9)})
    decision = {"verdict": "approve", "price": 700_000, "sku": "BTK-0007"}
    await coordinator.post(f"/v1/submissions/{submission}/decision", decision)
    await coordinator.post("/v1/outlets", {"code": "citos", "name": "Citos", "place": "Cilandak Town Square"})
    terms = {"valid_from": "2026-01-01", "outlet_bps": 1_500, "programme_bps": 1_000}
    await coordinator.post("/v1/outlets/citos/agreements", terms)
    sent = {"outlet": "citos", "lines": [{"sku": "BTK-0007", "quantity": 3}]}
    delivery = (await coordinator.post("/v1/deliveries", sent))["delivery_id"]
    await coordinator.post(f"/v1/deliveries/{delivery}/receipt", {})


def publish_in_c(url: str) -> None:
    """Debian's `amqp-publish`, a C program, as the outlet's own broker user."""
    if not shutil.which("amqp-publish"):
        subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "amqp-tools"], check=True, capture_output=True)
    moment = "2026-11-20T10:02:11+07:00"
    facts = {"outlet": "citos", "till": "till-1", "receipt": "536365", "line": 1, "sku": "BTK-0007", "quantity": 1}
    event = {
        "specversion": "1.0",
        "id": "a-sale-in-c",
        "source": "/outlets/citos/till-1",
        "type": "outlet.SaleReported.v1",
        "time": moment,
        "data": facts | {"unit_price": 700_000, "sold_at": moment},
    }
    call = [
        "amqp-publish",
        f"--url={url.rstrip('/')}",
        "--exchange=outlets",
        "--routing-key=citos.till-1",
        "--persistent",
    ]
    content = "--content-type=application/cloudevents-batch+json"
    subprocess.run([*call, content, f"--body={json.dumps([event])}"], check=True, capture_output=True, timeout=20)
