"""RabbitMQ as one node or a cluster of three, each a process that may be killed and started again."""

import asyncio
import json
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.broker.definitions import VHOST, definitions
from deploy.local import pids, rabbitmq, rabbitmq_install
from deploy.local.postgres import tail
from deploy.local.state import SetupError, State, write_private

QUIET = "quiet"
"""A virtual host where nothing goes wrong: the same feed is played there for comparison."""

CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
load_definitions = {definitions}
log.console = false
log.file.level = info
vm_memory_high_watermark.absolute = {memory}
disk_free_limit.absolute = {disk}
net_ticktime = 10
"""
MEMORY, DISK = "2GB", "50MB"
STARTED_IN = 90.0

WAKE = """
[catch ra:trigger_election(Server) || Queue <- rabbit_amqqueue:list(), amqqueue:get_type(Queue) =:= rabbit_quorum_queue,
 {Name, _} = Server <- [amqqueue:get_pid(Queue)], ra_leaderboard:lookup_leader(Name) =:= undefined].
"""
"""What an operator does when the broker is back (docs/runbooks/healing.md): a broker that ends in the very moment in
which it makes a quorum queue never elects that queue's leader, and over AMQP nobody can tell it to."""


@dataclass(frozen=True)
class Node:
    """One node: its name for Erlang, its port, and the environment that starts it in the same place each time."""

    name: str
    port: int
    environment: dict[str, str]

    @property
    def erlang(self) -> str:
        return self.environment["RABBITMQ_NODENAME"]


@dataclass
class Nodes:
    """All nodes of one state directory."""

    state: State
    program: Path
    all: list[Node] = field(default_factory=list)

    def start(self, count: int) -> None:
        """So many, as one cluster when there are several. Raises SetupError."""
        for number in range(1, count + 1):
            self.all.append(self._prepare(number))
            if number == 1:
                rabbitmq.start_port_mapper(self.state, self.all[0].environment)
            self.launch(self.all[-1])
        for node in self.all:
            self.wait_ready(node)
        for node in self.all[1:]:
            self.control(node, "stop_app")
            self.control(node, "join_cluster", self.all[0].erlang)
            self.control(node, "start_app")
            self.wait_ready(node)

    def launch(self, node: Node) -> None:
        log = self.state.folder("log") / f"{node.name}.log"
        pids.start(self.state, pids.Launch(node.name, [self.program], node.environment, log, facts={"port": node.port}))

    def living(self) -> list[Node]:
        return [node for node in self.all if pids.find(self.state, node.name)]

    def wait_ready(self, node: Node) -> None:
        """Raises SetupError when it does not answer in time."""
        deadline = time.monotonic() + STARTED_IN
        while not rabbitmq.answers(node.port):
            if pids.find(self.state, node.name) is None or time.monotonic() > deadline:
                log = self.state.folder("log") / f"{node.name}.log"
                raise SetupError(f"{node.name} did not start:\n{tail(log)}")
            time.sleep(0.1)

    async def fail(self, node: Node, how: signal.Signals, away: float) -> None:
        """It ends, stays away so long, and comes back."""
        await asyncio.to_thread(pids.stop, self.state, node.name, how, 30)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.launch, node)
        await asyncio.to_thread(self.wait_ready, node)
        await asyncio.to_thread(self.control, node, "eval", WAKE)

    def stop(self) -> None:
        """All of them, and the port mapper."""
        for node in self.all:
            pids.stop(self.state, node.name, signal.SIGKILL, 10)
        pids.stop(self.state, rabbitmq.EPMD, signal.SIGTERM, 5)

    def control(self, node: Node, *words: str) -> str:
        """rabbitmqctl's answer. Raises SetupError."""
        call = [str(self.program.parent / "rabbitmqctl"), "-q", "-n", node.erlang, *words]
        done = subprocess.run(call, env=node.environment, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0:
            raise SetupError(f"rabbitmqctl {' '.join(words)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def queues(self) -> list[dict[str, Any]]:
        """`name`, `messages_ready`, `messages_unacknowledged`, `consumers` of each."""
        columns = ("name", "messages_ready", "messages_unacknowledged", "consumers")
        found: list[dict[str, Any]] = json.loads(
            self.control(self.living()[0], "list_queues", "--formatter", "json", *columns)
        )
        return found

    def _prepare(self, number: int) -> Node:
        name = f"rabbitmq-{number}"
        data = self.state.data_folder(name, durable=True)
        port = self.state.port(name)
        environment = rabbitmq.settings(self.state, data, port)
        folder = self.state.roomy_folder(name)
        for needed in (data, folder / "log"):
            needed.mkdir(parents=True, exist_ok=True)
        configuration = folder / "rabbitmq.conf"
        told = CONFIGURATION.format(port=port, definitions=self._definitions(), memory=MEMORY, disk=DISK)
        configuration.write_text(told)
        shared = self.all[0].environment["ERL_EPMD_PORT"] if self.all else environment["ERL_EPMD_PORT"]
        return Node(
            name,
            port,
            environment
            | {
                "RABBITMQ_NODENAME": f"karya{number}@localhost",
                "RABBITMQ_CONFIG_FILE": str(configuration),
                "RABBITMQ_LOG_BASE": str(folder / "log"),
                "RABBITMQ_DIST_PORT": str(self.state.port(f"{name}-distribution")),
                "ERL_EPMD_PORT": shared,
            },
        )

    def _definitions(self) -> Path:
        """The installation's own, and the same once more in the quiet virtual host."""
        path = self.state.roomy_folder(rabbitmq.NAME) / "chaos-definitions.json"
        told = definitions(rabbitmq.passwords(self.state))
        told["vhosts"].append({"name": QUIET})
        for part in ("permissions", "topic_permissions", "exchanges"):
            told[part] += [one | {"vhost": QUIET} for one in told[part] if one["vhost"] == VHOST]
        write_private(path, json.dumps(told))
        return path


def find_nodes(state: State) -> Nodes:
    """Raises SetupError: a broker of somebody else's is not broken on purpose."""
    program = rabbitmq_install.find() or rabbitmq_install.install()
    if program is None or not (program.parent / "rabbitmqctl").exists():
        raise SetupError("./karya chaos needs an installed RabbitMQ: one that it may kill")
    return Nodes(state, program)
