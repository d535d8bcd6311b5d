"""The whole system as `./karya` runs it: up, killed, crashed, down, with real servers and services."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import UUID

import aio_pika
import asyncpg
import httpx
import pytest

from deploy.broker.definitions import SERVICES
from deploy.local import pids, status
from deploy.local.servers import OWNER
from deploy.local.servers import test_state as launch_state
from deploy.local.state import REPOSITORY
from deploy.local.system import Endpoints, System
from services.gateway import keys

SERVERS = ("postgres", "rabbitmq", "epmd")


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with launch_state() as state:
        installed = System(state)
        try:
            installed.ensure_up()
            yield installed
        finally:
            installed.down()


@pytest.fixture
def endpoints(system: System) -> Endpoints:
    return system.ensure_up()


def _pids(system: System) -> dict[str, int]:
    found = {name: pids.find(system.state, name) for name in (*SERVERS, *SERVICES)}
    return {name: record.pid for name, record in found.items() if record}


def _command(system: System, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "deploy.local", *arguments]


def _environment(system: System) -> dict[str, str]:
    return os.environ | {"KARYA_HOME": str(system.state.root), "PYTHONPATH": str(REPOSITORY)}


def _karya(system: System, *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        _command(system, *arguments), env=_environment(system), capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout


def test_up_means_that_every_service_is_ready_and_the_gateway_answers(system: System, endpoints: Endpoints) -> None:
    now = status.read(system)
    assert now["up"]
    assert set(now["services"]) == set(SERVICES)
    assert httpx.get(f"{endpoints.gateway_url}/health/ready").status_code == 200


def test_up_again_changes_nothing(system: System) -> None:
    before = _pids(system)
    system.ensure_up()
    assert _pids(system) == before
    assert len(before) == len(SERVERS) + len(SERVICES)


def test_the_gateway_stays_at_the_port_that_it_was_once_given(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    before = _pids(system)
    monkeypatch.setenv("KARYA_HTTP_PORT", str(port))
    assert system.ensure_up().gateway_url == f"http://127.0.0.1:{port}"
    moved = _pids(system)
    assert {name for name in moved if moved[name] != before[name]} == {"gateway"}
    monkeypatch.delenv("KARYA_HTTP_PORT")
    assert system.ensure_up().gateway_url == f"http://127.0.0.1:{port}"
    assert _pids(system) == moved


def test_a_killed_service_is_started_again_and_the_others_are_left_alone(system: System) -> None:
    before = _pids(system)
    assert system.kill("sales")
    assert not status.read(system)["up"]
    system.ensure_up()
    after = _pids(system)
    assert after.pop("sales") != before.pop("sales")
    assert after == before


def test_a_service_is_restarted_alone(system: System) -> None:
    before = _pids(system)
    assert "ready again" in _karya(system, "restart", "notify")
    after = _pids(system)
    assert after.pop("notify") != before.pop("notify")
    assert after == before


def test_everything_listens_on_127_0_0_1_and_nowhere_else(system: System, endpoints: Endpoints) -> None:
    ports = {*system.state.load("ports.json").values(), httpx.URL(endpoints.gateway_url).port}
    assert len(ports) == 9
    for port in ports:
        assert _accepts("127.0.0.1", port)
        assert not _accepts("127.0.0.2", port)  # whoever listens on every address accepts there too


def _accepts(address: str, port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex((address, port)) == 0


async def test_a_service_cannot_log_in_to_another_ones_database(endpoints: Endpoints) -> None:
    own = await asyncpg.connect(endpoints.database_url("sales"))
    await own.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(endpoints.database_url("sales").removesuffix("/sales") + "/training")


def test_a_key_of_the_command_line_opens_the_gateway_until_it_is_revoked(system: System, endpoints: Endpoints) -> None:
    key = _karya(system, "key", "create", "--role", "coordinator", "--name", "launcher-test").strip()
    answer = httpx.get(f"{endpoints.gateway_url}/v1/makers", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    assert "worthless" in _karya(system, "key", "revoke", "--name", "launcher-test")


def test_the_topology_is_as_the_contracts_say(system: System, endpoints: Endpoints) -> None:
    assert "As the contracts say." in _karya(system, "topology", "check")


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (("list", "--state", "lost"), "state: "),
        (("list", "--service", "nobody"), "no service 'nobody'"),
        (("redrive", "--code", "x" * 65), "code: "),
        (("discard", str(UUID(int=1)), "--reason", "no"), str(UUID(int=1))),
    ],
)
def test_what_is_mistyped_is_said_in_one_line(system: System, mistake: tuple[str, ...], said: str) -> None:
    told = subprocess.run(
        _command(system, "parked", *mistake), env=_environment(system), capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert said in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_nothing_is_parked_in_the_beginning(system: System, endpoints: Endpoints) -> None:
    assert json.loads(_karya(system, "parked", "list", "--json")) == []


def test_a_report_that_nobody_can_book_is_listed_shown_tried_again_and_discarded(
    system: System, endpoints: Endpoints
) -> None:
    asyncio.run(_report_a_sale_at_an_unknown_outlet(endpoints.amqp_url("outlet-pim")))
    found: list[dict[str, str]] = []
    deadline = time.monotonic() + 20
    while not found and time.monotonic() < deadline:
        found = json.loads(_karya(system, "parked", "list", "--json"))
    assert [(entry["service"], entry["type"]) for entry in found] == [("sales", "outlet.SaleReported.v1")]
    parked_id = found[0]["parked_id"]
    assert json.loads(_karya(system, "parked", "show", parked_id))["event"]["data"]["sku"] == "BTK-0007"
    assert found[0]["code"] in _karya(system, "parked", "redrive", parked_id, code=1)
    assert "discarded" in _karya(system, "parked", "discard", parked_id, "--reason", "only a test")
    assert json.loads(_karya(system, "parked", "list", "--json")) == []


async def _report_a_sale_at_an_unknown_outlet(url: str) -> None:
    when = "2026-11-21T10:02:11+07:00"
    data = {"outlet": "pim", "till": "till-1", "receipt": "536365", "line": 1, "sku": "BTK-0007", "quantity": 1}
    event = {
        "specversion": "1.0",
        "id": "0193a1b2-6c1e-7b5a-8f7e-2b1d9c0a4e11",
        "source": "/outlets/pim/till-1",
        "type": "outlet.SaleReported.v1",
        "subject": "pim/till-1/536365/1",
        "time": when,
        "datacontenttype": "application/json",
        "data": data | {"unit_price": 700000, "sold_at": when},
    }
    message = aio_pika.Message(
        json.dumps([event]).encode(),
        content_type="application/cloudevents-batch+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        user_id="outlet-pim",
    )
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("outlets", ensure=False)
        await exchange.publish(message, routing_key="pim.till-1")


def test_status_for_programs_names_the_gateway_and_every_process(system: System, endpoints: Endpoints) -> None:
    told = json.loads(_karya(system, "status", "--json"))
    assert told["gateway_url"] == endpoints.gateway_url
    assert {name: entry["pid"] for name, entry in told["services"].items()} == {
        name: pid for name, pid in _pids(system).items() if name in SERVICES
    }


def test_the_logs_of_every_service_are_json(system: System, endpoints: Endpoints) -> None:
    for service in SERVICES:
        lines = _karya(system, "logs", service, "--raw", "-n", "50").splitlines()
        assert lines
        assert all("event" in json.loads(line) for line in lines), service


def test_after_a_crash_of_everything_up_brings_it_back_with_its_data(system: System, endpoints: Endpoints) -> None:
    database = endpoints.database_url("gateway")
    asyncio.run(keys.create(database, "operator", "before-the-crash"))
    time.sleep(
        3
    )  # RabbitMQ 3.10 may never elect a leader for a queue that was declared the moment before it was killed
    crashed = [record for record in (pids.find(system.state, name) for name in (*SERVERS, *SERVICES)) if record]
    for record in crashed:
        os.kill(record.pid, signal.SIGKILL)
    assert all(pids.wait_gone(record, 10) for record in crashed)
    again = system.ensure_up()
    assert status.read(system)["up"]
    assert again.database_url("gateway") == database
    assert asyncio.run(keys.revoke(database, "before-the-crash"))


def test_ctrl_c_stops_everything_and_leaves_nothing(system: System, endpoints: Endpoints) -> None:
    before = _pids(system)
    foreground = subprocess.Popen(_command(system, "up"), env=_environment(system), stdout=subprocess.PIPE, text=True)
    assert foreground.stdout
    while "Up after" not in foreground.stdout.readline():
        assert foreground.poll() is None
    foreground.send_signal(signal.SIGINT)
    try:
        output, _ = foreground.communicate(timeout=90)
    finally:
        foreground.kill()
    assert foreground.returncode == 0
    assert "Stopped" in output
    assert _pids(system) == {}
    assert [pid for pid in before.values() if pids.birth_of(pid)] == []
    assert _karya(system, "down") == "Nothing was running.\n"
    assert pids.recorded(system.state) == [OWNER]
