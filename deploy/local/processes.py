"""The five services as processes of this machine: started, asked whether they are ready, stopped, killed."""

import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.broker.definitions import SERVICES
from deploy.local import pids
from deploy.local.postgres import tail
from deploy.local.state import REPOSITORY, SetupError, State, first_free, is_free, write_private

READY_IN = 90.0
STOPPED_IN = 45.0
LOG_LIMIT = 20_000_000
GATEWAY_PORTS = range(8080, 8180)
GATEWAY = "gateway.json"
# What a person may set for the services; a change restarts them.
SETTINGS = (
    "KARYA_BIND",
    "KARYA_LOG_LEVEL",
    "KARYA_SMTP_URL",
    "KARYA_PUBLIC_URL",
    "KARYA_FILES",
    "KARYA_TILL_GRACE_SECONDS",
    "KARYA_TOPOLOGY_SECONDS",
    "KARYA_DIGEST_SECONDS",
    "KARYA_PREFETCH",
    "KARYA_BATCH_LIMIT",
    "KARYA_TOPOLOGY_SECONDS",
    "KARYA_DIGEST_SECONDS",
)


@dataclass(frozen=True)
class Addresses:
    """Where one service finds its database and the broker."""

    database_url: str
    amqp_url: str


def start(state: State, name: str, addresses: Addresses, number: int = 1) -> pids.Record:
    """Start a replica of a service, `sales` or `sales-2`; it is not ready yet."""
    return pids.start(state, launch(state, name, addresses, number))


def launch(state: State, name: str, addresses: Addresses, number: int = 1) -> pids.Launch:
    """How a replica of a service is started."""
    record = replica(name, number)
    port = _port(state, record)
    told = _told(state, name, addresses) | _ports(name, port)
    return pids.Launch(
        name=record,
        command=[sys.executable, "-P", "-m", f"services.{name}"],
        environment=os.environ | told,
        log=_log(state, record),
        folder=REPOSITORY,
        facts={"port": port, "told": _fingerprint(state, name, addresses)},
    )


def replica(name: str, number: int) -> str:
    """What a replica is recorded as: the first one as the service itself."""
    return name if number == 1 else f"{name}-{number}"


def replicas(state: State, name: str) -> list[pids.Record]:
    """The living replicas of a service, the first one first."""
    names = [record for record in pids.recorded(state) if re.fullmatch(rf"{name}(-\d+)?", record)]
    found = [pids.find(state, record) for record in sorted(names, key=lambda record: (len(record), record))]
    return [record for record in found if record]


def stop(state: State, names: Iterable[str] = SERVICES) -> list[str]:
    """Ask services to finish what they hold and go, replicas too, all at the same time; the names of what ran."""
    wanted = [record.name for name in names for record in replicas(state, name)]
    with ThreadPoolExecutor(len(wanted) or 1) as pool:
        stopped = pool.map(lambda name: pids.stop(state, name, signal.SIGTERM, STOPPED_IN), wanted)
        return [name for name, ran in zip(wanted, stopped, strict=True) if ran]


def kill(state: State, name: str) -> bool:
    """Kill a service as a crash would; whether it ran."""
    return pids.stop(state, name, signal.SIGKILL, 5)


def is_current(state: State, name: str, addresses: Addresses) -> bool:
    """Whether a service runs and was told what it would be told now."""
    record = pids.find(state, name)
    if record is None or record.facts.get("told") != _fingerprint(state, name, addresses):
        return False
    return name != "gateway" or _wished_port() in (None, record.facts["port"])


def is_ready(record: pids.Record) -> bool:
    """Whether a service says that it is ready; not another's that has taken its port."""
    return not why_not_ready(record)


def why_not_ready(record: pids.Record) -> str:
    """In its own words; empty when it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", record.facts["port"], timeout=2)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        told = json.load(answer)
        if told.get("pid") != record.pid:
            return "another process answers"
        return "" if answer.status == http.HTTPStatus.OK else str(told.get("faults") or "not started")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"no answer: {type(error).__name__}"
    finally:
        connection.close()


def wait_ready(state: State, names: Iterable[str] = SERVICES, seconds: float = READY_IN) -> None:
    """Wait until all of them are ready; a service that died or is late is an error that shows its log."""
    waiting, deadline = list(names), time.monotonic() + seconds
    while waiting:
        for name in list(waiting):
            record = pids.find(state, name)
            if record is None or time.monotonic() > deadline:
                how = "stopped right after its start" if record is None else f"is not ready after {seconds:.0f} s"
                raise SetupError(f"{name} {how}; the end of {_log(state, name)}:\n{tail(_log(state, name))}")
            if is_ready(record):
                waiting.remove(name)
        time.sleep(0.05)


def _told(state: State, name: str, addresses: Addresses) -> dict[str, str]:
    told = {
        "KARYA_DATABASE_URL": addresses.database_url,
        "KARYA_AMQP_URL": addresses.amqp_url,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
    }
    if name == "training":
        told["KARYA_NIK_KEY"] = _key(state, "nik.key")
    if name == "sales":
        told["KARYA_STATEMENT_KEY"] = _key(state, "statement.key")
    if name == "catalog":
        told["KARYA_FILES"] = os.environ.get("KARYA_FILES") or str(state.folder("files"))
    return told


def _ports(name: str, port: int) -> dict[str, str]:
    if name == "gateway":
        return {"KARYA_HTTP_PORT": str(port), "KARYA_METRICS_PORT": "0"}
    return {"KARYA_METRICS_PORT": str(port)}


def _port(state: State, name: str) -> int:
    if name != "gateway":
        return state.port(name)
    last = state.load(GATEWAY).get("port")
    port = _wished_port() or (last if last and is_free(last) else first_free(GATEWAY_PORTS))
    state.save(GATEWAY, {"port": port})
    return int(port)


def _wished_port() -> int | None:
    """Where a person wants the gateway; it stays there when a later command says nothing of it."""
    wished = os.environ.get("KARYA_HTTP_PORT")
    if not wished:
        return None
    if not wished.isdecimal() or not 0 < int(wished) < 65536:
        raise SetupError(f"KARYA_HTTP_PORT is no port: {wished!r}")
    return int(wished)


def _fingerprint(state: State, name: str, addresses: Addresses) -> str:
    """What the service is told, and every other setting in the environment, without being readable."""
    told = _told(state, name, addresses)
    settings = {key: os.environ[key] for key in os.environ if key in SETTINGS or key.startswith("OTEL_")}
    return hashlib.sha256(repr(sorted((settings | told).items())).encode()).hexdigest()[:16]


def _key(state: State, name: str) -> str:
    """32 bytes, made once, never lost with a restart: what encrypts identity numbers, what opens statements."""
    path = state.folder("secrets") / name
    if not path.exists():
        write_private(path, base64.b64encode(secrets.token_bytes(32)).decode())
    return path.read_text()


def _log(state: State, name: str) -> Path:
    """The service's log, the last one set aside when it has grown large."""
    path = state.folder("log") / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT and pids.find(state, name) is None:
        path.replace(path.with_suffix(".log.1"))
    return path
