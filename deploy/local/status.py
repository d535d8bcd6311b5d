"""What runs now, for people and for programs."""

import os
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.broker.definitions import SERVICES
from deploy.local import pids, processes, rabbitmq, rabbitmq_container
from deploy.local.state import SetupError
from deploy.local.system import System

Json = dict[str, Any]
COLOURS = {"ready": "green", "running": "green", "starting": "yellow", "stopped": "red", "not ours": "blue"}


def read(system: System) -> Json:
    """State, pid, port and resident memory of every process, and the gateway's URL; a stable shape."""
    services = {name: _service(system, name) for name in SERVICES}
    try:
        gateway_url = system.endpoints().gateway_url
    except SetupError:
        gateway_url = None
    return {
        "up": all(service["state"] == "ready" for service in services.values()),
        "gateway_url": gateway_url,
        "home": str(system.state.root),
        "servers": {"postgres": _postgres(system), "rabbitmq": _rabbitmq(system)},
        "services": services,
    }


def table(now: Json, note: str = "") -> Table:
    """The same as a table."""
    title = f"Karya Rusun at {now['gateway_url']}" if now["gateway_url"] else "Karya Rusun is not up"
    shown = Table(title=title, caption=note or None)
    for column in ("", "state", "pid", "port", "memory"):
        shown.add_column(column, justify="right" if column in {"pid", "port", "memory"} else "left")
    for name, entry in (now["servers"] | now["services"]).items():
        colour = COLOURS[entry["state"]]
        numbers = [str(entry[key] or "") for key in ("pid", "port")]
        memory = f"{entry['rss_mb']} MB" if entry["rss_mb"] else ""
        shown.add_row(name, f"[{colour}]{entry['state']}[/{colour}]", *numbers, memory)
    return shown


def _service(system: System, name: str) -> Json:
    record = pids.find(system.state, name)
    if record is None:
        return _entry("stopped")
    return _entry("ready" if processes.is_ready(record) else "starting", record)


def _postgres(system: System) -> Json:
    if os.environ.get("KARYA_DATABASE_URL"):
        return _entry("not ours")
    record = pids.find(system.state, "postgres")
    return _entry("running" if record else "stopped", record)


def _rabbitmq(system: System) -> Json:
    if os.environ.get("KARYA_AMQP_URL"):
        return _entry("not ours")
    record = pids.find(system.state, rabbitmq.NAME)
    port = record.facts["port"] if record else rabbitmq_container.port_of(system.state)
    if port is None:
        return _entry("stopped")
    return _entry("running" if rabbitmq.answers(port) else "starting", record) | {"port": port}


def _entry(state: str, record: pids.Record | None = None) -> Json:
    if record is None:
        return {"state": state, "pid": None, "port": None, "rss_mb": None}
    return {"state": state, "pid": record.pid, "port": record.facts.get("port"), "rss_mb": _resident(record.pid)}


def _resident(pid: int) -> int | None:
    """Megabytes in memory, where the system tells without asking another program."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000)
