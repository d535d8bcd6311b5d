"""Processes this command started: recorded with their start time, so that a recycled pid is never harmed."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.state import State

POLL = 0.02


@dataclass(frozen=True)
class Record:
    """One process of ours: its name, pid, birth, and what others need to reach it."""

    name: str
    pid: int
    birth: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_alive(self) -> bool:
        """Whether this very process, not another with its number, still runs."""
        if birth_of(self.pid) == self.birth:
            return True
        with contextlib.suppress(OSError):
            os.waitpid(self.pid, os.WNOHANG)  # a child of ours stays a zombie until somebody asks
        return False


def birth_of(pid: int) -> str | None:
    """When a process began, as a string that no later process of that number shares; None when it is gone."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else f"{_boot()}:{fields[19]}"
    status, _, began = _ps("stat=,lstart=", pid).partition(" ")
    return began.strip() if began and not status.startswith("Z") else None


def program_of(pid: int) -> str:
    """The name of the program a process runs, empty when there is no such process."""
    if Path("/proc/self/comm").exists():
        try:
            return Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            return ""
    return _ps("comm=", pid)


def find(state: State, name: str) -> Record | None:
    """The living process recorded under a name; a record of a dead one is dropped."""
    saved = state.load(f"run/{name}.json")
    if not saved:
        return None
    record = Record(**saved)
    if record.is_alive:
        return record
    forget(state, name)
    return None


def recorded(state: State) -> list[str]:
    """The names under which a process is recorded, living or not."""
    return sorted(path.stem for path in (state.root / "run").glob("*.json"))


def forget(state: State, name: str) -> None:
    """Drop a record."""
    (state.root / "run" / f"{name}.json").unlink(missing_ok=True)


@dataclass(frozen=True)
class Launch:
    """How to start a process: command line, environment, log file, and the user to become (root only)."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    folder: Path = Path("/")
    user: Mapping[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def start(state: State, launch: Launch) -> Record:
    """Start a process of its own session and record it before anything else can fail."""
    with launch.log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in launch.command],
            env=dict(launch.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=launch.folder,
            start_new_session=True,
            **launch.user,
        )
    record = Record(launch.name, process.pid, birth_of(process.pid) or "", launch.facts)
    process.returncode = 0  # it outlives this object on purpose: `Record` reaps it
    state.save(f"run/{launch.name}.json", asdict(record))
    return record


def stop(state: State, name: str, how: signal.Signals = signal.SIGTERM, seconds: float = 45.0) -> bool:
    """Ask a recorded process to stop, kill it after the time given; whether there was one."""
    record = find(state, name)
    if record is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(record.pid, how)
    if not wait_gone(record, seconds):
        with contextlib.suppress(ProcessLookupError):
            os.kill(record.pid, signal.SIGKILL)
        wait_gone(record, 5)
    forget(state, name)
    return True


def wait_gone(record: Record, seconds: float) -> bool:
    """Wait until a process is gone; False when it is not in time."""
    deadline = time.monotonic() + seconds
    while record.is_alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL)
    return True


def _ps(columns: str, pid: int) -> str:
    command = ["ps", "-o", columns, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
