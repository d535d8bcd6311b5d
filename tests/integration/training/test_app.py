"""Training as the broker sees it: requests in as JSON, replies and events out, and nobody's data among them."""

import base64
import json
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.training.app import open_vault, service
from shared.contracts import training
from shared.contracts.message import Event, Request
from shared.contracts.training import (
    CertificateIssued,
    CohortOpened,
    ConsentChanged,
    MakerEnrolled,
    MakerRegistered,
    SessionCompleted,
)
from shared.db import Pool
from shared.runtime.responder import Responder
from tests.integration.training.builders import NOON, Database

NIK = "3175074508900001"
PRIVATE = ("Ibu Ani", "81234567890", NIK, NIK[:12], "ani@example.org")


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARYA_DATABASE_URL", "postgresql://unused")
    monkeypatch.setenv("KARYA_AMQP_URL", "amqp://unused")
    monkeypatch.setenv("KARYA_NIK_KEY", base64.b64encode(bytes(32)).decode())
    open_vault.cache_clear()


async def ask(pool: Pool, kind: str, data: dict[str, Any], key: UUID | None = None) -> dict[str, Any]:
    """The reply to a request of this kind, or the problem."""
    responder = Responder("training", service.commands, service.queries, lambda: NOON)
    envelope = {
        "specversion": "1.0",
        "id": str(key or uuid4()),
        "source": "/tests",
        "type": f"training.{kind}.v1",
        "time": NOON.isoformat(),
        "actor": "coordinator:rini",
        "data": data,
    }
    body, _, _ = await responder.respond(pool, json.dumps(envelope).encode())
    reply: dict[str, Any] = json.loads(body)
    return reply


async def register_ani(pool: Pool, key: UUID | None = None, nik: str = NIK) -> dict[str, Any]:
    ani = {"name": "Ibu Ani", "phone": "081234567890", "email": "ani@example.org", "nik": nik}
    return await ask(pool, "RegisterMaker", ani | {"rusun": "komarudin", "block": "A", "unit": "12"}, key)


async def register_rusun(pool: Pool) -> None:
    names = {"name": "Rusunawa Komarudin", "cooperative_name": "Koperasi Komarudin"}
    await ask(pool, "RegisterRusun", {"code": "komarudin", "cooperative": "kopkom"} | names)


async def open_cohort(pool: Pool) -> dict[str, Any]:
    plan = {"sessions": [{"planned_start": NOON.isoformat()}]}
    what = {"craft": "weaving", "title": "Tenun", "rusun": "komarudin", "trainer": "Bu Sri"}
    return await ask(pool, "OpenCohort", what | plan)


async def test_one_road_from_a_maker_to_her_certificate(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, cohort = await register_ani(pool), await open_cohort(pool)
    who, which = {"maker_id": maker["maker_id"]}, {"cohort_id": cohort["cohort_id"]}
    session = {"session_id": cohort["sessions"][0]["session_id"]}
    await ask(pool, "Enrol", who | which)
    await ask(pool, "RecordAttendance", session | {"entries": [who | {"status": "present"}]})
    await ask(pool, "CompleteSession", session | {"actual_start": NOON.isoformat(), "actual_minutes": 330})

    done = await ask(pool, "CompleteCohort", which)

    [certificate] = done["certificates"]
    assert certificate["number"] == "KR-2026-WVG-00001"
    assert await ask(pool, "GetCertificate", {"number": certificate["number"]}) == certificate
    said = await pool.fetch("SELECT type, envelope FROM event_log ORDER BY recorded_at")
    kinds: list[type[Event]] = [
        MakerRegistered,
        ConsentChanged,
        CohortOpened,
        MakerEnrolled,
        SessionCompleted,
        CertificateIssued,
    ]
    assert [row["type"] for row in said] == [kind.wire for kind in kinds]
    assert not [secret for row in said for secret in PRIVATE if secret in row["envelope"]]


async def test_a_repeated_command_gets_the_first_answer_and_registers_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    key = uuid4()

    first, second = await register_ani(pool, key), await register_ani(pool, key)

    assert first == second
    assert (first["maker_id"], first["nik"]) == (str(key), "************0001")
    assert await pool.fetchval("SELECT count(*) FROM maker") == 1


@pytest.mark.parametrize(("nik", "status", "code"), [(NIK, 409, "nik_taken"), ("3175073002900001", 422, "invalid")])
async def test_a_refusal_tells_nothing_private(database: Database, nik: str, status: int, code: str) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await register_ani(pool)

    problem = await register_ani(pool, nik=nik)

    assert (problem["status"], problem["code"]) == (status, code)
    assert not [secret for secret in (*PRIVATE, nik) if secret in json.dumps(problem)]


async def test_no_full_nik_is_anywhere_in_the_database(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await register_ani(pool)
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")

    found = [
        row["tablename"]
        for row in tables
        if await pool.fetchval(f"SELECT count(*) FROM {row['tablename']} t WHERE t::text LIKE $1", f"%{NIK[:12]}%")
    ]

    assert len(tables) > 10
    assert found == []


def test_every_request_of_the_contract_has_its_handler() -> None:
    rooms = [training, *[room for room in vars(training).values() if isinstance(room, ModuleType)]]
    kinds = [kind for room in rooms for kind in vars(room).values() if isinstance(kind, type)]
    requests = {kind for kind in kinds if issubclass(kind, Request) and vars(kind).get("wire")}

    assert len(requests) >= 20
    assert requests == {*service.commands, *service.queries}
