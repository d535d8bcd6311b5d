"""Where a replay finds the event logs, and where it may make an empty database."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import databases
from deploy.local.state import SetupError
from deploy.local.system import SERVERS, System
from services.sales.replay.verify import Databases

GIVEN = Path("/run/secrets")
LOGS = ("training", "catalog", "sales")
OWNER = "sales"


@dataclass(frozen=True)
class Logs:
    """URLs of the services' own databases; `admin_url`: who may make another one, where that is known."""

    urls: Mapping[str, str]
    admin_url: str | None

    @asynccontextmanager
    async def target(self, name: str | None) -> AsyncIterator[Databases]:
        """With the database of this name, made if need be; without a name one that is gone afterwards."""
        if self.admin_url is None:
            if name is None:
                raise SetupError(
                    "nobody here may make a database; name an empty one that belongs to sales: --into NAME"
                )
            yield self._with(name)
        elif name is None:
            async with databases.scratch(self.admin_url, OWNER) as scratch:
                yield self._with(scratch)
        else:
            await databases.add_empty(self.admin_url, name, OWNER)
            yield self._with(name)

    def _with(self, name: str) -> Databases:
        target = urlsplit(self.urls[OWNER])._replace(path=f"/{name}").geturl()
        return Databases(**self.urls, target=target)


def find(given: Path = GIVEN) -> Logs:
    """Those that a container was given, else those of the system on this machine."""
    if (given / OWNER).is_dir():
        return Logs({name: (given / name / "karya_database_url").read_text().strip() for name in LOGS}, None)
    state = System().state
    admin_url = state.load(SERVERS).get("database_url") or os.environ.get("KARYA_DATABASE_URL")
    if admin_url is None:
        raise SetupError("the servers are not up; start them with: ./karya up --detach")
    return Logs({name: databases.url(state, admin_url, name) for name in LOGS}, admin_url)
