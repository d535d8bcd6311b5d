"""A system of the bench's own: other ports, other data than those of the system that `./karya up` runs."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import httpx

from deploy.local import pids, postgres, processes
from deploy.local.bench import trees
from deploy.local.bench.trees import Use
from deploy.local.state import SetupError, State, home
from deploy.local.system import Endpoints, System
from shared import db

OWNER = "owner"
ELSEWHERE = ("KARYA_DATABASE_URL", "KARYA_AMQP_URL", "KARYA_BIND", "KARYA_SMTP_URL", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""What would lead to somebody else's servers."""


@dataclass(frozen=True)
class Installation:
    """Five services and two servers that nobody else uses."""

    system: System
    endpoints: Endpoints

    def replicas(self, service: str) -> list[pids.Record]:
        """Raises SetupError when the first one has died."""
        state = self.system.state
        if pids.find(state, service) is None:
            raise SetupError(f"{service} has stopped in the middle of the bench; see {state.root}/log")
        return processes.replicas(state, service)

    @contextmanager
    def frozen(self, service: str) -> Iterator[None]:
        """Its processes stand still, warm as they are. Not for longer than their connections bear, about 30 s."""
        numbers = [record.pid for record in self.replicas(service)]
        _signal(numbers, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(numbers, signal.SIGCONT)

    def cpu(self, service: str) -> float:
        """Seconds that its replicas have worked. A frozen one cannot tell."""
        return sum([_metric(record, "process_cpu_seconds_total") for record in self.replicas(service)])

    def memory(self, service: str) -> float:
        """Bytes of RAM that its replicas hold."""
        return sum([_metric(record, "process_resident_memory_bytes") for record in self.replicas(service)])

    def use(self, name: str) -> Use | None:
        """Of a service's or a server's whole process tree. None: not our process, or no /proc."""
        record = pids.find(self.system.state, name)
        return trees.use_of(record.pid) if record else None


@contextmanager
def installed(report: Callable[[str], None]) -> Iterator[Installation]:
    """Begins with nothing, and leaves nothing behind."""
    state = State(home().root / "bench")
    if pids.find(state, OWNER) is not None:
        raise SetupError("another ./karya bench runs on this checkout")
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    system = System(state)
    system.down()
    state.erase()
    me = os.getpid()
    state.save(f"run/{OWNER}.json", asdict(pids.Record(OWNER, me, pids.birth_of(me) or "")))
    os.environ["KARYA_HTTP_PORT"] = str(state.port("gateway"))
    try:
        _note_commit_times(state)
        yield Installation(system, system.ensure_up(report))
    finally:
        system.down()
        state.erase()


def _note_commit_times(state: State) -> None:
    """PostgreSQL shall remember when each transaction was committed: a clock that costs no polling."""
    url = postgres.start(state)
    asyncio.run(_alter(url))
    postgres.stop(state)


async def _alter(url: str) -> None:
    admin = await db.connect(url, "bench")
    await admin.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await admin.close()


def _signal(numbers: list[int], which: signal.Signals) -> None:
    for number in numbers:
        os.kill(number, which)


def _metric(record: pids.Record, name: str) -> float:
    """What a process says of itself."""
    told = httpx.get(f"http://127.0.0.1:{record.facts['port']}/metrics").text
    return next(float(line.split()[1]) for line in told.splitlines() if line.startswith(f"{name} "))
