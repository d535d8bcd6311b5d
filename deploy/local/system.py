"""The whole system on this machine: brought up, described, brought down. The command line and the demo use it."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.broker.definitions import SERVICES
from deploy.local import brokers, databases, pids, postgres, processes, rabbitmq
from deploy.local.processes import Addresses
from deploy.local.state import SetupError, State, home

Report = Callable[[str], None]
SERVERS = "servers.json"


def quiet(_line: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Endpoints:
    """Where everything is, and how to log in."""

    gateway_url: str
    database_admin_url: str
    amqp_urls: Mapping[str, str]
    state: State

    def database_url(self, service: str) -> str:
        """A service's own database, as its own login."""
        return databases.url(self.state, self.database_admin_url, service)

    def amqp_url(self, user: str) -> str:
        """The broker as one of its users: `karya`, a service, or `outlet-<code>`."""
        if user not in self.amqp_urls:
            raise SetupError(f"the broker has no user {user!r}; it has {', '.join(sorted(self.amqp_urls))}")
        return self.amqp_urls[user]

    @property
    def secrets(self) -> Path:
        """The directory of the `<user>.password` files."""
        return self.state.folder("secrets")


@dataclass(frozen=True)
class System:
    """One installation: two servers and five services that share a state directory."""

    state: State = field(default_factory=home)

    def ensure_up(self, report: Report = quiet) -> Endpoints:
        """Start whatever does not run, in order; return when every service is ready."""
        with self.state.locked():
            broker = brokers.launch(self.state)  # takes the longest, so all else happens meanwhile
            with _timed(report, "PostgreSQL and its databases"):
                database_url = os.environ.get("KARYA_DATABASE_URL") or postgres.start(self.state)
                databases.prepare(self.state, database_url)
            self.state.save(SERVERS, {"database_url": database_url, "amqp_urls": broker.urls})
            missing = self._missing_services()
            if missing:
                with _timed(report, f"migrations of {', '.join(missing)}"):
                    databases.migrate(self.state, database_url, missing)
            with _timed(report, f"RabbitMQ: {broker.told}"):
                if broker.private_port is not None:
                    rabbitmq.wait_ready(self.state, broker.private_port)
            with _timed(report, f"services: {', '.join(missing) or 'all run already'}"):
                self._start_services(missing)
                processes.wait_ready(self.state)
        return self.endpoints()

    def endpoints(self) -> Endpoints:
        """Where the running system is; an error when it does not run."""
        gateway, servers = pids.find(self.state, "gateway"), self.state.load(SERVERS)
        if gateway is None or not servers:
            raise SetupError("the system is not up; start it with: ./karya up --detach")
        gateway_url = f"http://127.0.0.1:{gateway.facts['port']}"
        return Endpoints(gateway_url, servers["database_url"], servers["amqp_urls"], self.state)

    def addresses(self, service: str) -> Addresses:
        """What a service of this installation is told about the servers."""
        servers = self.state.load(SERVERS)
        if not servers:
            raise SetupError("the servers are not up; start them with: ./karya up --detach")
        database_url = databases.url(self.state, servers["database_url"], service)
        return Addresses(database_url, servers["amqp_urls"][service])

    def restart(self, service: str) -> None:
        """Stop one service, gracefully, and start it again; return when it is ready."""
        with self.state.locked():
            addresses = self.addresses(service)
            processes.stop(self.state, [service])
            databases.migrate(self.state, self.state.load(SERVERS)["database_url"], [service])
            self._start_services({service: addresses})
            processes.wait_ready(self.state, [service])

    def scale(self, service: str, count: int) -> list[pids.Record]:
        """Let so many replicas of a service run, and return them when all are ready."""
        with self.state.locked():
            addresses = self.addresses(service)
            for number in range(1, count + 1):
                if pids.find(self.state, processes.replica(service, number)) is None:
                    processes.start(self.state, service, addresses, number)
            kept = {processes.replica(service, number) for number in range(1, count + 1)}
            spare = [record.name for record in processes.replicas(self.state, service) if record.name not in kept]
            for name in spare:
                pids.stop(self.state, name, seconds=processes.STOPPED_IN)
            processes.wait_ready(self.state, sorted(kept))
        return processes.replicas(self.state, service)

    def kill(self, service: str) -> bool:
        """Kill one service as a crash would; whether it ran."""
        with self.state.locked():
            return processes.kill(self.state, service)

    def down(self) -> list[str]:
        """Stop the services, then the servers that were started here; the names of what ran."""
        with self.state.locked():
            stopped = processes.stop(self.state)
            with ThreadPoolExecutor(2) as pool:
                broker = pool.submit(rabbitmq.stop, self.state)
                database = pool.submit(postgres.stop, self.state)
            stopped += ["rabbitmq"] * broker.result() + ["postgres"] * database.result()
            (self.state.root / SERVERS).unlink(missing_ok=True)
        return stopped

    def _missing_services(self) -> dict[str, Addresses]:
        """Services that do not run, or were told other addresses than now hold."""
        wanted = {name: self.addresses(name) for name in SERVICES}
        return {
            name: addresses
            for name, addresses in wanted.items()
            if not processes.is_current(self.state, name, addresses)
        }

    def _start_services(self, missing: Mapping[str, Addresses]) -> None:
        processes.stop(self.state, missing)
        for name, addresses in missing.items():
            processes.start(self.state, name, addresses)


@contextmanager
def _timed(report: Report, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    report(f"{what} ({time.monotonic() - began:.1f} s)")
