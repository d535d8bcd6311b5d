"""An installation that is made to be broken: private servers, proxies before them, replicas of every service."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from deploy.broker.definitions import SERVICES
from deploy.local import databases, pids, postgres, processes, rabbitmq
from deploy.local.chaos.house.crew import Crew
from deploy.local.chaos.house.nodes import QUIET, Nodes, find_nodes
from deploy.local.chaos.house.proxy import Proxy
from deploy.local.chaos.inside import FOLDER, NAME, SWITCH
from deploy.local.pids import Launch
from deploy.local.processes import Addresses
from deploy.local.state import REPOSITORY, SetupError, State

OWNER = "owner"
ELSEWHERE = ("KARYA_DATABASE_URL", "KARYA_AMQP_URL", "KARYA_BIND", "KARYA_SMTP_URL", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""What would lead to somebody else's servers."""

GRACE = "3"
"""Seconds that tills' reports may overtake each other before a person is told."""

OFTEN, NEVER = "5", "3600"
"""Seconds between two looks at queues and at what producers have sent; in life it is four times as long."""

REPLICAS = dict.fromkeys(SERVICES, 2)


@dataclass
class Installation:
    """`switch`: a guarantee that the services do without, to see that this is noticed."""

    state: State
    nodes: Nodes
    database: Proxy
    broker: Proxy
    switch: str = ""
    crew: Crew = field(init=False)

    def __post_init__(self) -> None:
        self.crew = Crew(self.state, self._prepare, {})

    @property
    def folder(self) -> Path:
        """What the harness and the services tell each other."""
        return self.state.folder("chaos")

    @property
    def admin_url(self) -> str:
        """PostgreSQL's superuser, past the proxy."""
        record = pids.find(self.state, postgres.NAME)
        if record is None:
            raise SetupError("PostgreSQL does not run")
        password = self.state.secret("postgres.password")
        return f"postgresql://postgres:{password}@127.0.0.1:{record.facts['port']}/postgres"

    def database_url(self, name: str, owner: str) -> str:
        """Any database as a service's login, past the proxy."""
        return urlsplit(databases.url(self.state, self.admin_url, owner))._replace(path=f"/{name}").geturl()

    def amqp_url(self, user: str, vhost: str = "/") -> str:
        """The broker as a user, past the proxy."""
        living = self.nodes.living() or self.nodes.all
        return f"{rabbitmq.url(self.state, living[0].port, user)}{quote(vhost, safe='') if vhost != '/' else ''}"

    def amqp_url_of_till(self, outlet: str) -> str:
        """As the outlets' tills reach it: through the proxy."""
        return rabbitmq.url(self.state, self.broker.port, f"outlet-{outlet}")

    def gateway_urls(self) -> list[str]:
        records = processes.replicas(self.state, "gateway")
        return [f"http://127.0.0.1:{record.facts['port']}" for record in records]

    def _prepare(self, service: str, number: int) -> Launch:
        """The real service, from an entry point that adds what only the harness has."""
        behind = f"127.0.0.1:{self.database.port}"
        url = urlsplit(databases.url(self.state, f"postgresql://postgres@{behind}/postgres", service)).geturl()
        amqp = rabbitmq.url(self.state, self.broker.port, service)
        launch = processes.launch(self.state, service, Addresses(url, amqp), number)
        told = {SWITCH: self.switch, FOLDER: str(self.folder), NAME: launch.name}
        # What is switched off must not be mended behind its back.
        told |= {"KARYA_DIGEST_SECONDS": NEVER if self.switch else OFTEN, "KARYA_TOPOLOGY_SECONDS": OFTEN}
        command = [sys.executable, "-P", "-m", "deploy.local.chaos.service", service]
        return replace(launch, command=command, environment={**launch.environment, **told})

    def quiet_sales(self, database: str) -> Launch:
        """Sales as it is, on a database of its own, in the virtual host where nothing goes wrong."""
        addresses = Addresses(self.database_url(database, "sales"), self.amqp_url("sales", QUIET))
        launch = processes.launch(self.state, "sales", addresses, 9)
        return replace(launch, name="quiet", log=self.state.folder("log") / "quiet.log", folder=REPOSITORY)


@asynccontextmanager
async def installed(root: Path, cluster: bool = False) -> AsyncIterator[Installation]:
    """Servers that run, empty databases with their tables, no service yet. Nothing is left behind but the logs."""
    state = State(root)
    if pids.find(state, OWNER) is not None:
        raise SetupError("another ./karya chaos runs on this checkout")
    await asyncio.to_thread(_sweep, state)
    environment = dict(os.environ)
    _claim(state)
    nodes = find_nodes(state)
    proxies = Proxy(lambda: [_server(state)]), Proxy(lambda: [("127.0.0.1", node.port) for node in nodes.living()])
    installation = Installation(state, nodes, *proxies)
    try:
        await asyncio.gather(
            asyncio.to_thread(_start_database, state), asyncio.to_thread(nodes.start, 3 if cluster else 1)
        )
        for proxy, name in zip(proxies, ("proxy-postgres", "proxy-rabbitmq"), strict=True):
            await proxy.start(state.port(name))
        yield installation
    finally:
        await installation.crew.dismiss()
        for proxy in proxies:
            await proxy.stop()
        await asyncio.to_thread(_stop, installation)
        os.environ.clear()  # what it was told is for its own services, not for those of who comes after it
        os.environ |= environment


def _claim(state: State) -> None:
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    me = os.getpid()
    state.save(f"run/{OWNER}.json", asdict(pids.Record(OWNER, me, pids.birth_of(me) or "")))
    os.environ |= {"KARYA_HTTP_PORT": str(state.port("gateway")), "KARYA_TILL_GRACE_SECONDS": GRACE}


def _start_database(state: State) -> None:
    url = postgres.start(state)
    databases.prepare(state, url)
    databases.migrate(state, url, SERVICES)


def _server(state: State) -> tuple[str, int]:
    record = pids.find(state, postgres.NAME)
    return "127.0.0.1", int(record.facts["port"]) if record else 1


def _stop(installation: Installation) -> None:
    installation.nodes.stop()
    postgres.stop(installation.state)
    _drop(installation.state)
    pids.forget(installation.state, OWNER)


def _sweep(state: State) -> None:
    """What a run that was killed left behind."""
    postgres.stop(state)
    for name in pids.recorded(state):
        pids.stop(state, name, signal.SIGKILL, 5)
    _drop(state)
    shutil.rmtree(state.root / "log", ignore_errors=True)
    shutil.rmtree(state.root / "chaos", ignore_errors=True)


def _drop(state: State) -> None:
    """Servers' data. Logs and the tills' record stay, for whoever looks into a run."""
    for name in (postgres.NAME, *[f"rabbitmq-{number}" for number in (1, 2, 3)]):
        shutil.rmtree(state.data_folder(name, durable=True), ignore_errors=True)
