"""Notify's database with a training desk behind a real broker, and a real SMTP server."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from shared.db import Pool
from shared.runtime.process import Process
from shared.runtime.requests import Requests
from shared.runtime.service import Tools
from shared.settings import Settings
from tests.integration.notify.builders import Desk


@dataclass
class Notify:
    """Notify as its jobs see it: `tools()`, over `pool`, with `desk` to ask."""

    pool: Pool
    desk: Desk
    requests: Requests
    settings: Settings

    def tools(self, smtp_url: str = "") -> Tools:
        settings = self.settings.model_copy(update={"smtp_url": smtp_url})
        return Tools("notify", self.pool, self.requests, settings, lambda: None)

    async def told(self) -> list[dict[str, Any]]:
        """The data of the events that notify has published, in order."""
        rows = await self.pool.fetch(
            "SELECT envelope::jsonb AS e FROM event_log JOIN outbox USING (day, id) ORDER BY seq"
        )
        return [row["e"]["data"] | {"type": row["e"]["type"]} for row in rows]


@pytest.fixture
async def notify_alone(database: Callable[[str], Awaitable[Pool]], broker_url: str) -> AsyncIterator[Notify]:
    """Nobody answers for training."""
    requests = Requests(broker_url, "notify", "/services/notify")
    settings = Settings(database_url="unused", amqp_url=broker_url)
    yield Notify(await database("notify"), Desk(), requests, settings)
    await requests.close()


@pytest.fixture
async def notify(
    notify_alone: Notify, make_database: Callable[[str], Awaitable[str]], broker_url: str
) -> AsyncIterator[Notify]:
    settings = Settings(database_url=await make_database("training"), amqp_url=broker_url)
    training = Process(notify_alone.desk.service(), settings)
    await training.start()
    yield notify_alone
    await training.stop()


@dataclass
class PostOffice:
    """An SMTP server on loopback. It refuses whom `refused` says, with that answer. `answers`: it waits for this."""

    refused: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 OK"
    letters: list[EmailMessage] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=kabar@karya.example.org"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.opened.set()
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        if self.answers:
            await self.answers.wait()
        return self.data_answer


OpenPostOffice = Callable[..., Awaitable[PostOffice]]


@pytest.fixture
async def open_post_office() -> AsyncIterator[OpenPostOffice]:
    """`await open_post_office(password="...")`: a server that wants this password, of anybody."""
    servers: list[asyncio.Server] = []

    async def open_one(password: str | None = None, tls: ssl.SSLContext | None = None) -> PostOffice:
        office = PostOffice()

        def check(server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
            return AuthResult(success=login.password.decode() == password, handled=False)

        def talk() -> SMTP:
            return SMTP(
                office,
                authenticator=check,
                auth_required=password is not None,
                auth_require_tls=False,
                tls_context=tls,
                enable_SMTPUTF8=True,
            )

        server = await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)
        servers.append(server)
        office.port = server.sockets[0].getsockname()[1]
        return office

    yield open_one
    for server in servers:
        server.close()
