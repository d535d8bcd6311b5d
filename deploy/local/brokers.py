"""The broker the system uses: a private RabbitMQ, or the one that KARYA_AMQP_URL names."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import aio_pika
from aiormq.exceptions import AMQPError

from deploy.broker.definitions import ADMIN, USERS
from deploy.local import rabbitmq
from deploy.local.state import SetupError, State

LOGIN_IN = 10.0


@dataclass(frozen=True)
class Broker:
    """The URL of every user, and what to tell the person who started it."""

    urls: dict[str, str]
    told: str
    private_port: int | None


def launch(state: State) -> Broker:
    """Start the private broker, without waiting for it, or look up who may log in to the other one."""
    named = os.environ.get("KARYA_AMQP_URL")
    if named:
        return _named(state, named)
    port = rabbitmq.launch(state)
    urls = {user: rabbitmq.url(state, port, user) for user in USERS}
    return Broker(urls, f"127.0.0.1:{port}", port)


def _named(state: State, named: str) -> Broker:
    """Our users if that broker has been given them, else everybody comes as the one user we were told of."""
    with ThreadPoolExecutor(1) as pool:  # a thread of its own: the caller may have an event loop already
        refusal = pool.submit(asyncio.run, _refusal(named)).result()
        if refusal:
            raise SetupError(f"the broker of KARYA_AMQP_URL does not let us in: {refusal}")
        ours = [user for user in USERS if user != ADMIN]  # theirs has an administrator, whoever that is
        urls = {user: _with_login(state, named, user) for user in ours} | {ADMIN: named}
        if not pool.submit(asyncio.run, _refusal(urls["outlet-citos"])).result():
            return Broker(urls, "your broker, a user for each service and outlet", None)
    file = rabbitmq.write_definitions(state, ours)
    told = f"your broker, one user for all; to give each its own: rabbitmqctl import_definitions {file}"
    return Broker(dict.fromkeys(USERS, named), told, None)


def _with_login(state: State, named: str, user: str) -> str:
    server = urlsplit(named)
    login = f"{user}:{rabbitmq.passwords(state)[user]}@{server.netloc.rpartition('@')[2]}"
    return server._replace(netloc=login).geturl()


async def _refusal(url: str) -> str:
    """Why a login does not work; empty when it does."""
    try:
        connection = await aio_pika.connect(url, timeout=LOGIN_IN)
    except (OSError, TimeoutError, AMQPError) as error:
        return str(error) or type(error).__name__
    await connection.close()
    return ""
