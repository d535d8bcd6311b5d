"""What one installation keeps on disk: records, ports, passwords, logs, and the lock that guards them."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PRIVATE = 0o600
PORTS = range(20_000, 32_000)  # below every system's ephemeral range, so no outgoing connection takes one
ELSEWHERE, MEMORY = Path("/var/tmp"), Path("/dev/shm")  # noqa: S108 - keyed, and never another user's
ROOM = 3_000_000_000
_PORTS_FILE = threading.Lock()


class SetupError(Exception):
    """Something this machine lacks; the message says what, and how to get it."""


@dataclass(frozen=True)
class State:
    """A directory that one set of servers and services owns."""

    root: Path

    def folder(self, name: str) -> Path:
        """A sub-directory, made when missing."""
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def roomy_folder(self, name: str) -> Path:
        """A sub-directory that other users can walk into and whose path holds no blank.

        A server that gave up root, or that is started by shell scripts, needs it. A repository under a closed
        home directory gets it under /var/tmp.
        """
        if is_open_to_all(self.root) and not any(c.isspace() for c in str(self.root)):
            return self.folder(name)
        return self._folder_in(ELSEWHERE, name)

    def data_folder(self, name: str, *, durable: bool) -> Path:
        """Where a server keeps its data: what need not last is in memory, if the system has room for it there."""
        if durable or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
            return self.roomy_folder(name) / "data"
        return self._folder_in(MEMORY, name) / "data"

    def drop_data(self) -> None:
        """Delete what servers keep in memory, and nothing else."""
        shutil.rmtree(self._keyed(MEMORY), ignore_errors=True)

    def erase(self) -> None:
        """Delete everything kept here."""
        for place in (self._keyed(ELSEWHERE), self._keyed(MEMORY), self.root):
            shutil.rmtree(place, ignore_errors=True)

    def _folder_in(self, place: Path, name: str) -> Path:
        base = self._keyed(place)
        base.mkdir(mode=0o711, exist_ok=True)
        if base.lstat().st_uid != os.geteuid() or base.is_symlink():
            raise SetupError(f"{base} belongs to somebody else; remove it and try again")
        path = base / name
        path.mkdir(exist_ok=True)
        return path

    def _keyed(self, place: Path) -> Path:
        """Keyed by a secret too: a state that was deleted and begun anew must not find the old one's data."""
        key = hashlib.sha256(f"{self.root} {self.secret('place')}".encode()).hexdigest()[:12]
        return place / f"karya-{os.geteuid()}-{key}"

    def load(self, name: str) -> dict[str, Any]:
        """The JSON object kept under a name, empty when there is none or it was cut off by a crash."""
        try:
            loaded = json.loads((self.root / name).read_text())
        except (OSError, ValueError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def save(self, name: str, value: dict[str, Any]) -> None:
        """Replace the JSON object under a name, all of it or nothing."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        write_private(temporary, json.dumps(value, indent=1, sort_keys=True))
        temporary.replace(path)

    def port(self, name: str, preferred: int | None = None) -> int:
        """A free port on 127.0.0.1: the one used last time, else the preferred one, else any."""
        with _PORTS_FILE:
            ports = self.load("ports.json")
            wished = [port for port in (ports.get(name), preferred) if port is not None and is_free(port)]
            chosen = int(wished[0]) if wished else _any_free_port(taken=set(ports.values()))
            self.save("ports.json", {**ports, name: chosen})
        return chosen

    def secret(self, name: str, size: int = 24) -> str:
        """A random secret in a file that only this user can read, made on first use."""
        path = self.folder("secrets") / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(size))
        return path.read_text().strip()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one command at a time starts or stops things here."""
        with (self.folder("run") / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def home() -> State:
    """The state of this checkout: `.karya/`, or what KARYA_HOME says."""
    return State(Path(os.environ.get("KARYA_HOME") or REPOSITORY / ".karya").resolve())


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as handle:  # noqa: PTH123
        handle.write(text)


def is_open_to_all(path: Path) -> bool:
    """Whether every directory down to here may be entered by any user."""
    resolved = path.resolve()
    there = [folder for folder in (resolved, *resolved.parents) if folder.exists()]
    return all(folder.stat().st_mode & 0o001 for folder in there)


def is_free(port: int) -> bool:
    """Whether a port of 127.0.0.1 can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def first_free(ports: range) -> int:
    """The lowest free port of 127.0.0.1 in a range."""
    for port in ports:
        if is_free(port):
            return port
    raise SetupError(f"no port is free between {ports[0]} and {ports[-1]}")


def _any_free_port(taken: set[int]) -> int:
    candidates = SystemRandom().sample(PORTS, 200)
    return next(port for port in candidates if port not in taken and is_free(port))
