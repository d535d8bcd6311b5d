"""A database and a login of its own for each service, with its tables."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from secrets import token_hex
from urllib.parse import urlsplit

import asyncpg

from deploy.broker.definitions import SERVICES
from deploy.local.state import REPOSITORY, SetupError, State
from shared.runtime import migrate as migrations


def prepare(state: State, admin_url: str) -> None:
    """Make what is missing; a login or database that exists is left as it is, and must let us in."""
    with ThreadPoolExecutor(1) as pool:  # a thread of its own: the caller may have an event loop already
        pool.submit(asyncio.run, _prepare(state, admin_url)).result()


def migrate(state: State, admin_url: str, services: Iterable[str]) -> None:
    """Apply what is new of these services' migrations, each in its own database and as its own login."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _migrate(state, admin_url, services)).result()


def url(state: State, admin_url: str, service: str) -> str:
    """Where a service finds its own database, as its own login."""
    server = urlsplit(admin_url)
    login = f"{service}:{_password(state, service)}@{server.netloc.rpartition('@')[2]}"
    return server._replace(netloc=login, path=f"/{service}").geturl()


@asynccontextmanager
async def scratch(admin_url: str, owner: str) -> AsyncIterator[str]:
    """The name of an empty database for the time of the block, on the same server."""
    name = f"scratch_{token_hex(6)}"
    await add_empty(admin_url, name, owner)
    try:
        yield name
    finally:
        admin = await asyncpg.connect(admin_url)
        await _execute(admin, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)
        await admin.close()


async def add_empty(admin_url: str, name: str, owner: str) -> None:
    """A database of this name that belongs to a service's login, unless there is one."""
    admin = await asyncpg.connect(admin_url)
    try:
        await _add_database(admin, name, owner)
    finally:
        await admin.close()


async def _prepare(state: State, admin_url: str) -> None:
    try:
        admin = await asyncpg.connect(admin_url)
    except (OSError, asyncpg.PostgresError) as error:
        raise SetupError(f"PostgreSQL does not let its superuser in: {error}") from error
    try:
        for service in SERVICES:
            await _add_login(admin, service, _password(state, service))
            await _add_database(admin, service, service)
    finally:
        await admin.close()
    for service in SERVICES:
        await _check_login(url(state, admin_url, service), service)


async def _migrate(state: State, admin_url: str, services: Iterable[str]) -> None:
    for service in services:
        folder = REPOSITORY / "services" / service / "migrations"
        try:
            await migrations.migrate(url(state, admin_url, service), service, folder)
        except (OSError, RuntimeError, asyncpg.PostgresError) as error:
            raise SetupError(f"the migrations of {service} failed: {error}") from error


async def _add_login(admin: asyncpg.Connection, name: str, password: str) -> None:
    if await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name) is None:
        await _execute(admin, "CREATE ROLE %I LOGIN PASSWORD %L", name, password)


async def _add_database(admin: asyncpg.Connection, name: str, owner: str) -> None:
    if await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name) is None:
        await _execute(admin, "CREATE DATABASE %I OWNER %I", name, owner)
        await _execute(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name)


async def _execute(admin: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that takes no parameters, its names and literals quoted by the server."""
    await admin.execute(await admin.fetchval("SELECT format($1, VARIADIC $2::text[])", template, list(values)))


async def _check_login(service_url: str, service: str) -> None:
    try:
        connection = await asyncpg.connect(service_url)
    except (OSError, asyncpg.PostgresError) as error:
        raise SetupError(
            f"PostgreSQL has a login or database {service!r} that is not ours: {error}\n"
            "Use another server, or drop that login and database if they came from an older installation."
        ) from error
    await connection.close()


def _password(state: State, service: str) -> str:
    return state.secret(f"postgres-{service}.password")
