"""A private RabbitMQ on 127.0.0.1: an installed server with a node, ports, cookie and data of its own."""

import json
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterable
from pathlib import Path

from deploy.broker.definitions import ADMIN, USERS, definitions
from deploy.local import pids, rabbitmq_container, rabbitmq_install
from deploy.local.postgres import tail
from deploy.local.state import SetupError, State, is_free, write_private

NAME = "rabbitmq"
EPMD = "epmd"
STARTED_IN = 90.0
PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"
CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
load_definitions = {definitions}
log.console = false
log.file.level = info
"""


def start(state: State, *, durable: bool = True) -> int:
    """Start RabbitMQ unless it runs and wait until it answers; its AMQP port."""
    port = launch(state, durable=durable)
    wait_ready(state, port)
    return port


def launch(state: State, *, durable: bool = True) -> int:
    """Start RabbitMQ unless it runs, installing it first when this machine has none; its AMQP port to be."""
    running = pids.find(state, NAME)
    port = running.facts["port"] if running else rabbitmq_container.port_of(state)
    if port is not None and (running or answers(port)):
        return int(port)
    stop(state)
    program = rabbitmq_install.find() or rabbitmq_install.install()
    if program is None:
        return rabbitmq_container.start(state, write_definitions(state))
    return _start_program(state, program, state.data_folder(NAME, durable=durable))


def wait_ready(state: State, port: int) -> None:
    """Wait until the broker answers."""
    deadline = time.monotonic() + STARTED_IN
    while not answers(port):
        if time.monotonic() > deadline or not (pids.find(state, NAME) or rabbitmq_container.port_of(state)):
            stop(state)
            raise SetupError(f"RabbitMQ did not start:\n{_last_words(state)}")
        time.sleep(0.05)


def stop(state: State) -> bool:
    """Stop RabbitMQ and its port mapper; whether there was anything to stop."""
    server = pids.stop(state, NAME, signal.SIGTERM, 30)
    mapper = pids.stop(state, EPMD, signal.SIGTERM, 5)
    return rabbitmq_container.stop(state) or server or mapper


def passwords(state: State) -> dict[str, str]:
    """Every broker user's password, made on first use."""
    return {user: state.secret(f"{user}.password") for user in USERS}


def url(state: State, port: int, user: str = ADMIN) -> str:
    """The AMQP URL of a user."""
    return f"amqp://{user}:{state.secret(f'{user}.password')}@127.0.0.1:{port}/"


def answers(port: int) -> bool:
    """Whether a broker speaks AMQP there. Its listeners open last, when users and exchanges are in place."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(PROTOCOL_HEADER)
            return connection.recv(1) == METHOD_FRAME
    except OSError:
        return False


def _start_program(state: State, program: Path, data: Path) -> int:
    port = state.port(NAME)
    environment = settings(state, data, port)
    start_port_mapper(state, environment)
    log = state.folder("log") / "rabbitmq.log"
    pids.start(state, pids.Launch(NAME, [program], environment, log, facts={"port": port}))
    return port


def settings(state: State, data: Path, port: int) -> dict[str, str]:
    """The environment that makes the system's start script run our node and touch nothing of its own."""
    distribution, mapper = state.port("rabbitmq-distribution"), state.port(EPMD)
    node = state.roomy_folder(NAME)
    for folder in (node / "home", node / "log", data):
        folder.mkdir(exist_ok=True)
    configuration = node / "rabbitmq.conf"
    configuration.write_text(CONFIGURATION.format(port=port, definitions=write_definitions(state)))
    (node / "plugins").write_text("[].\n")
    schedulers = min(os.cpu_count() or 1, 4)
    return {
        "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "HOME": str(node / "home"),
        "RABBITMQ_NODENAME": "karya@localhost",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_CONFIG_FILES": str(node / "none"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(node / "none.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(node / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(data),
        "RABBITMQ_LOG_BASE": str(node / "log"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        # Replaces the shell by the server, so that the recorded process is the one to signal.
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"+S {schedulers}:{schedulers} +sbwt none"
        " -kernel inet_dist_use_interface {127,0,0,1}",
    }


def start_port_mapper(state: State, environment: dict[str, str]) -> None:
    """Erlang leaves a daemon behind for good unless it finds this one, which is stopped with the server."""
    program = shutil.which("epmd", path=environment["PATH"]) or _epmd_beside_erlang()
    if program is None or pids.find(state, EPMD) is not None:
        return
    port = environment["ERL_EPMD_PORT"]
    command = [program, "-address", "127.0.0.1", "-port", port]
    mapper = pids.start(state, pids.Launch(EPMD, command, environment, state.folder("log") / "epmd.log"))
    while mapper.is_alive and is_free(int(port)):
        time.sleep(pids.POLL)


def _epmd_beside_erlang() -> str | None:
    erlang = shutil.which("erl")
    found = Path(erlang).resolve().parents[1].glob("**/erts-*/bin/epmd") if erlang else iter(())
    return next((str(path) for path in found), None)


def write_definitions(state: State, users: Iterable[str] = USERS) -> Path:
    """Write users, with their passwords' hashes and their rights, where a broker can load them from."""
    path = state.roomy_folder(NAME) / "definitions.json"
    known = passwords(state)
    write_private(path, json.dumps(definitions({user: known[user] for user in users}), indent=1))
    return path


def _last_words(state: State) -> str:
    logs = sorted((state.roomy_folder(NAME) / "log").glob("*.log"))
    lines = [line for path in logs for line in tail(path, 40).splitlines()]
    errors = [line for line in lines if re.search(r"\[(error|critical)\]", line)]
    return "\n".join([tail(state.folder("log") / "rabbitmq.log"), *errors])
