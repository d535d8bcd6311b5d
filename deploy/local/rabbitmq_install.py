"""Finding RabbitMQ on this machine, or putting it there with the system's own package manager."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
PLACES = (
    "/usr/lib/rabbitmq/bin/rabbitmq-server",
    "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
    "/usr/local/opt/rabbitmq/sbin/rabbitmq-server",
    "/home/linuxbrew/.linuxbrew/opt/rabbitmq/sbin/rabbitmq-server",
)
HOW_TO_GET_IT = (
    "RabbitMQ is missing and could not be installed from here. One of these helps:\n"
    "  Debian, Ubuntu:   sudo apt-get install rabbitmq-server\n"
    "  macOS:            brew install rabbitmq\n"
    "  Docker or Podman: start its engine, and it is run as a container\n"
    "  a broker of yours: export KARYA_AMQP_URL=amqp://user:password@host:5672/"
)


def find() -> Path | None:
    """The start script of an installed server; not Debian's wrapper, which starts the system's own node."""
    extra = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    for place in [Path(place) for place in PLACES] + extra:
        if os.access(place, os.X_OK):
            return place
    on_path = shutil.which("rabbitmq-server")
    if on_path and Path(on_path).parent not in (Path("/usr/sbin"), Path("/sbin")):
        return Path(on_path)
    return None


def install() -> Path | None:
    """Install the server without letting the package start it; None when there is no way to."""
    if shutil.which("apt-get"):
        _install_with_apt()
    elif shutil.which("brew"):
        subprocess.run(["brew", "install", "--quiet", "rabbitmq"], check=False)
    return find()


def _install_with_apt() -> None:
    become = _root()
    if become is None:
        return
    print("Installing RabbitMQ with apt-get ...", flush=True)
    apt = [*become, "env", "DEBIAN_FRONTEND=noninteractive", "ERL_EPMD_ADDRESS=127.0.0.1", "apt-get", "-qq"]
    before = _port_mappers()
    subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL)
    with _services_kept_still(become):
        packages = ["install", "-y", "--no-install-recommends", "rabbitmq-server"]
        subprocess.run([*apt, *packages], check=False, stdout=subprocess.DEVNULL)
    for pid in _port_mappers() - before:
        with suppress(OSError):
            os.kill(pid, signal.SIGTERM) if os.geteuid() == 0 else subprocess.run(
                [*become, "kill", str(pid)], check=False
            )


def _root() -> list[str] | None:
    """What to put before a command to run it as root without asking anybody."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
        return ["sudo", "-n"] if asked.returncode == 0 else None
    return None


@contextmanager
def _services_kept_still(become: list[str]) -> Iterator[None]:
    """Debian starts a service when its package is installed; 101 is the policy's word for `do not`."""
    if POLICY.exists():
        yield
        return
    script = "#!/bin/sh\nexit 101\n"
    subprocess.run([*become, "tee", str(POLICY)], input=script, text=True, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*become, "chmod", "755", str(POLICY)], check=True)
    try:
        yield
    finally:
        subprocess.run([*become, "rm", "-f", str(POLICY)], check=True)


def _port_mappers() -> set[int]:
    """Erlang's port mappers that run now: the package's scripts leave one behind."""
    names = {path: path / "comm" for path in Path("/proc").glob("[0-9]*")}
    found = set()
    for path, name in names.items():
        with suppress(OSError):
            if name.read_text().strip() == "epmd":
                found.add(int(path.name))
    return found
