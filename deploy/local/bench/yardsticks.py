"""The yardstick's programs, when they lie beside the project: the same work without checks, on the same servers."""

import asyncio
import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.broker.definitions import ADMIN
from deploy.local.state import REPOSITORY, SetupError, home
from deploy.local.system import Endpoints

FOLDER = REPOSITORY.parent / "shared" / "perf"
PACKAGES = ("celery==5.7.0", "psycopg[binary]==3.3.9", "orjson==3.13.0")
"""What the programs import and the product does not: installed beside it, for them alone."""

PATIENCE, TRIES, INSTALLED_IN = 60.0, 3, 300.0


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A program, and which share of the events it is given: slow ones get less to do."""

    name: str
    share: float = 1.0

    @property
    def program(self) -> Path:
        return FOLDER / f"{self.name}.py"


LIMITS = {
    "batches": Yardstick("limit_batched"),
    "large_batches": Yardstick("limit_postgres"),
    "singles": Yardstick("limit_aio_pika"),
}
PEERS = (Yardstick("peer_faststream", 0.1), Yardstick("peer_celery", 0.1))
ALL = (*LIMITS.values(), *PEERS)


def prepare(say: Callable[[str], None]) -> Mapping[str, str]:
    """Installs what the programs need. Those that cannot be run, each with the reason."""
    absent = {one.name: f"{one.program.name} does not lie in {FOLDER.name}/" for one in ALL if not one.program.exists()}
    present = [one.name for one in ALL if one.name not in absent]
    if not present or _installed().exists():
        return absent
    say(f"installing {', '.join(PACKAGES)} for the limits and peers (once) ...")
    problem = _install()
    return absent | dict.fromkeys(present, problem) if problem else absent


async def run(yardstick: Yardstick, endpoints: Endpoints, events: int) -> dict[str, float]:
    """Its events a second. Raises SetupError when it says none."""
    told = {
        "W1_DSN": endpoints.database_admin_url,
        "W1_AMQP": endpoints.amqp_url(ADMIN),
        "W1_N": str(max(int(events * yardstick.share), 1)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(_packages()),
    }
    for _ in range(TRIES):
        with contextlib.suppress(TimeoutError):  # the limits' relays now and then miss the last call to wake up
            return {yardstick.name: rate_in(await _output(yardstick.program, os.environ | told))}
    raise SetupError(f"{yardstick.name} came to no end, {TRIES} times")


async def _output(program: Path, environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env=environment,
        cwd=FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output.decode(errors="replace")


def rate_in(output: str) -> float:
    """The figure in what a program printed."""
    found = re.search(r"(?:end-to-end|limit_postgres) (\d+)/s", output)
    if found is None:
        raise SetupError(f"a yardstick did not say how quick it was:\n{output[-1000:]}")
    return float(found[1])


def _packages() -> Path:
    """Of this Python: compiled packages fit no other."""
    return home().root / "yardsticks" / f"{sys.version_info.major}.{sys.version_info.minor}"


def _installed() -> Path:
    return _packages() / "installed"


def _install() -> str:
    """Empty, or why it could not be done and how to do it."""
    call = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--upgrade"]
    call += ["--target", str(_packages()), *PACKAGES]
    try:
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=INSTALLED_IN)
    except subprocess.TimeoutExpired:
        return f"pip did not end; try: {' '.join(call)}"
    if done.returncode != 0:
        return f"its packages could not be installed ({_last_line(done.stderr)}); try: {' '.join(call)}"
    _installed().touch()
    return ""


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["pip said nothing"])[-1]
