"""PostgreSQL and RabbitMQ as a pair; `python -m deploy.local.servers DIR` runs one until it is killed."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.broker.definitions import ADMIN
from deploy.local import pids, postgres, rabbitmq
from deploy.local.state import SetupError, State, is_open_to_all

OWNER = "owner"
SHARED = "KARYA_TEST_HOME"


@dataclass(frozen=True)
class Servers:
    """A running pair: the superuser's and the broker administrator's URLs."""

    state: State
    database_url: str
    amqp_port: int

    @property
    def amqp_url(self) -> str:
        """The administrator's URL."""
        return self.amqp_url_of(ADMIN)

    def amqp_url_of(self, user: str) -> str:
        """The URL of any broker user: a service, or `outlet-<code>`."""
        return rabbitmq.url(self.state, self.amqp_port, user)


def start(state: State, *, durable: bool = True) -> Servers:
    """Start both at the same time; those that run already are left as they are."""
    with ThreadPoolExecutor(2) as pool:
        database = pool.submit(postgres.start, state, durable=durable)
        broker = pool.submit(rabbitmq.start, state, durable=durable)
    return Servers(state, database.result(), broker.result())


def stop(state: State) -> bool:
    """Stop both; whether there was anything to stop."""
    with ThreadPoolExecutor(2) as pool:
        broker = pool.submit(rabbitmq.stop, state)
        database = pool.submit(postgres.stop, state)
    return broker.result() or database.result()


@contextmanager
def test_servers(root: Path | None = None) -> Iterator[Servers]:
    """A pair for tests, quick and forgetful, gone afterwards.

    Within `./karya test` it is the pair that this command has started, and keeps.
    """
    shared = State(Path(os.environ.get(SHARED, "/nonexistent")))
    if root is None and pids.find(shared, OWNER) is not None:
        yield start(shared, durable=False)
        return
    with test_state(root) as state:
        try:
            yield start(state, durable=False)
        finally:
            stop(state)


@contextmanager
def test_state(root: Path | None = None) -> Iterator[State]:
    """A state directory for this process: what it leaves running when it is killed, the next one sweeps away."""
    base = _base()
    _sweep(base)
    state = State(root or _fresh(base))
    if pids.find(state, OWNER) is not None:
        raise SetupError(f"another test run uses {state.root}")
    _stop_all(state)
    _drop_data(state)
    me = os.getpid()
    state.save(f"run/{OWNER}.json", asdict(pids.Record(OWNER, me, pids.birth_of(me) or "")))
    try:
        yield state
    finally:
        pids.forget(state, OWNER)
        if root is None:
            state.erase()
        else:
            _drop_data(state)
        _sweep(base)


def _base() -> Path:
    temporary = Path(tempfile.gettempdir())
    base = (temporary if is_open_to_all(temporary) else Path("/var/tmp")) / f"karya-tests-{os.geteuid()}"  # noqa: S108
    base.mkdir(mode=0o711, exist_ok=True)
    return base


def _fresh(base: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=base))
    folder.chmod(0o711)  # PostgreSQL's user walks through; what is secret has its own mode
    return folder


def _sweep(base: Path) -> None:
    """Stop and remove what dead test runs left."""
    for state in [State(folder) for folder in base.iterdir()]:
        if OWNER in pids.recorded(state) and pids.find(state, OWNER) is None:
            _stop_all(state)
            state.erase()


def _stop_all(state: State) -> None:
    """Servers the way they like it, whatever else was started here at once."""
    stop(state)
    for name in pids.recorded(state):
        pids.stop(state, name, signal.SIGKILL, 5)


def _drop_data(state: State) -> None:
    """What forgetful servers wrote is of no use after a power cut, and the next run begins with nothing anyway."""
    for name in (postgres.NAME, rabbitmq.NAME):
        shutil.rmtree(state.data_folder(name, durable=True), ignore_errors=True)
    state.drop_data()


def _serve(folder: Path) -> None:
    """Run a pair until killed, after printing how to reach it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    with test_servers(folder) as servers:
        print(f"export KARYA_TEST_DATABASE_URL={servers.database_url}")
        print(f"export KARYA_TEST_AMQP_URL={servers.amqp_url}", flush=True)
        while True:
            signal.pause()


def _leave(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]).resolve())
