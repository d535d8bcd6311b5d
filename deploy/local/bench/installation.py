"""A system of the bench's own: other ports, other data than those of the system that `./karya up` runs."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from deploy.local import pids, postgres
from deploy.local.state import SetupError, State, home
from deploy.local.system import Endpoints, System
from shared import db

OWNER = "owner"
ELSEWHERE = ("KARYA_DATABASE_URL", "KARYA_AMQP_URL", "KARYA_BIND", "KARYA_SMTP_URL", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""What would lead to somebody else's servers."""


@dataclass(frozen=True)
class Installation:
    """Five services and two servers that nobody else uses."""

    endpoints: Endpoints

    @property
    def state(self) -> State:
        return self.endpoints.state

    def process(self, service: str) -> pids.Record:
        """Raises SetupError when it has died."""
        record = pids.find(self.state, service)
        if record is None:
            raise SetupError(f"{service} has stopped in the middle of the bench; see {self.state.root}/log")
        return record

    @contextmanager
    def frozen(self, service: str) -> Iterator[None]:
        """Its process stands still, warm as it is. Not for longer than its connections bear, about 30 s."""
        pid = self.process(service).pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


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
        yield Installation(system.ensure_up(report))
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
