"""The yardstick's programs, when they lie beside the project: the same work without checks, on the same servers."""

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.broker.definitions import ADMIN
from deploy.local.state import REPOSITORY, SetupError
from deploy.local.system import Endpoints

FOLDER = REPOSITORY.parent / "shared" / "perf"
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A program, what it imports beyond our own packages, and which share of the events it is given."""

    name: str
    needs: tuple[str, ...]
    share: float = 1.0

    @property
    def program(self) -> Path:
        return FOLDER / f"{self.name}.py"

    def lacking(self) -> str:
        """Why it cannot run; empty when it can."""
        if not self.program.exists():
            return "not beside the project"
        missing = [name for name in self.needs if find_spec(name) is None]
        return f"needs {', '.join(missing)}" if missing else ""


LIMITS = {"batches": Yardstick("limit_batched", ("orjson",)), "singles": Yardstick("limit_aio_pika", ())}
PEERS = (Yardstick("peer_faststream", (), 0.1), Yardstick("peer_celery", ("celery", "psycopg"), 0.1))
"""Slow, so they are given less to do."""


def absent() -> dict[str, str]:
    """Those that cannot run, each with the reason."""
    reasons = {yardstick.name: yardstick.lacking() for yardstick in (*LIMITS.values(), *PEERS)}
    return {name: reason for name, reason in reasons.items() if reason}


async def run(yardstick: Yardstick, endpoints: Endpoints, events: int) -> dict[str, float]:
    """Its events a second. Raises SetupError when it says none."""
    told = {
        "W1_DSN": endpoints.database_admin_url,
        "W1_AMQP": endpoints.amqp_url(ADMIN),
        "W1_N": str(max(int(events * yardstick.share), 1)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(yardstick.program),
        env=os.environ | told,
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
    return {yardstick.name: rate_in(output.decode(errors="replace"))}


def rate_in(output: str) -> float:
    """The figure in what a program printed."""
    found = re.search(r"end-to-end (\d+)/s", output)
    if found is None:
        raise SetupError(f"a yardstick did not say how quick it was:\n{output[-1000:]}")
    return float(found[1])
