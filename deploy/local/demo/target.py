"""What the demo is played against: the system that `./karya` started, or the one that `docker compose` runs."""

import asyncio
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from urllib.parse import quote

from deploy.local.state import REPOSITORY, SetupError
from deploy.local.system import Endpoints
from services.gateway import keys

COMPOSE = ("docker", "compose")


class Target(Protocol):
    """A running system, as an operator sees it."""

    @property
    def gateway_url(self) -> str: ...

    @property
    def how_to_stop(self) -> str: ...

    async def key(self, role: str, name: str, outlet: str | None = None) -> str:
        """A new key; earlier ones of that name are worthless from now on."""
        ...

    async def amqp_url(self, user: str) -> str:
        """Where an outlet's broker user logs in."""
        ...


@dataclass(frozen=True)
class Local:
    """The processes of this machine."""

    endpoints: Endpoints
    how_to_stop: str = "./karya down"

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens; KARYA_URL says otherwise."""
        return os.environ.get("KARYA_URL") or self.endpoints.gateway_url

    async def key(self, role: str, name: str, outlet: str | None = None) -> str:
        """Straight into the gateway's database."""
        database = self.endpoints.database_url("gateway")
        await keys.revoke(database, name)
        return await keys.create(database, role, name, outlet)

    async def amqp_url(self, user: str) -> str:
        """With the password of that user."""
        return self.endpoints.amqp_url(user)


@dataclass(frozen=True)
class Compose:
    """The containers of this folder's compose file, which are up already."""

    how_to_stop: str = "docker compose down"

    @property
    def gateway_url(self) -> str:
        """Where compose has published it; KARYA_URL says otherwise."""
        return os.environ.get("KARYA_URL") or f"http://{_published('gateway', 8080)}"

    async def key(self, role: str, name: str, outlet: str | None = None) -> str:
        """Made inside the gateway's container."""
        gateway = (*COMPOSE, "exec", "-T", "gateway", "python", "-m", "services.gateway", "key")
        await _run((*gateway, "revoke", "--name", name), may_fail=True)
        of_outlet = ("--outlet", outlet) if outlet else ()
        return await _run((*gateway, "create", "--role", role, "--name", name, *of_outlet))

    async def amqp_url(self, user: str) -> str:
        """The operator's container knows the outlets' passwords."""
        password = await _run((*COMPOSE, "run", "--rm", "-T", "operator", "password", user))
        return f"amqp://{user}:{quote(password, safe='')}@{_published('rabbitmq', 5672)}/"


@cache
def _published(service: str, port: int) -> str:
    """Host and port on this machine of a container's port, as compose knows them."""
    call = [*COMPOSE, "port", service, str(port)]
    done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if done.returncode:
        raise SetupError(f"{' '.join(call)} failed; is it up? docker compose up --build\n{done.stderr.strip()[-500:]}")
    return done.stdout.strip().replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - where to call, not where to listen


async def _run(command: Sequence[str], *, may_fail: bool = False) -> str:
    """The last line of what a command printed; an error with what it complained of."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, cwd=REPOSITORY)
    out, complaint = await process.communicate()
    if process.returncode and not may_fail:
        raise SetupError(f"{' '.join(command)} failed:\n{complaint.decode().strip()[-2000:]}")
    return (out.decode().split() or [""])[-1]
