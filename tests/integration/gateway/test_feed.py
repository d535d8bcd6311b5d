"""The live feed: what happens is seen as it happens, from where one left off, and nobody holds up the end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
import httpx
import pytest

from services.gateway import attention, feed
from shared.contracts.message import Event
from shared.contracts.notify import NoticeSent
from shared.contracts.sales import OutletRegistered
from shared.runtime.envelope import Sealed, join, seal
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls
from tests.integration.gateway.conftest import House, problem, running


def outlet(code: str) -> Sealed:
    return _sealed(OutletRegistered(outlet=code, name="An outlet"))


def notice() -> Sealed:
    return _sealed(NoticeSent(notice_id=uuid4(), maker_id=uuid4(), template="sale", channel="log"))


def _sealed(event: Event) -> Sealed:
    return seal(event, event.owner(), datetime.now(UTC))


@pytest.fixture(scope="module")
async def publish(house: House, servers: Urls) -> AsyncIterator[Any]:
    """`await publish(outlet("citos"), ...)`: one message with these events; returns when the gateway has seen it."""
    connection = await aio_pika.connect(servers.amqp)
    async with connection, listening(house):
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange("feed", ensure=False)
        async with asyncio.timeout(10):
            while not await _routed(exchange):  # noqa: ASYNC110 - the gateway's queue takes a moment to be there
                await asyncio.sleep(0.02)

        async def send(*events: Sealed) -> None:
            body = join([event.envelope for event in events])
            await exchange.publish(aio_pika.Message(body), events[0].type, mandatory=True)

        yield send


async def _routed(exchange: aio_pika.abc.AbstractExchange) -> bool:
    """Whether the gateway's own queue is there yet."""
    try:
        body = join([outlet("first").envelope])
        await exchange.publish(aio_pika.Message(body), "sales.OutletRegistered.v1", mandatory=True)
    except aio_pika.exceptions.DeliveryError:
        return False
    return True


class Reader:
    """Server-sent events, one at a time."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def next(self) -> tuple[str, str, dict[str, Any]]:
        """Id, type and envelope of the next event."""
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                found[name] = value
                if not line and "data" in found:
                    return found["id"], found["event"], json.loads(found["data"])
                if not line:
                    found = {}
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def listening(house: House, query: str = "", last: str = "") -> AsyncIterator[Reader]:
    client = await house.client("finance", name=f"listener-{uuid4().hex[:8]}")
    headers = {"Last-Event-ID": last} if last else {}
    async with client.stream("GET", f"/v1/events{query}", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield Reader(answer)


async def test_an_event_is_seen_as_it_passes(house: House, publish: Any) -> None:
    async with listening(house) as reader:
        sent = outlet("citos")
        await publish(sent)
        name, kind, envelope = await reader.next()
    assert (name, kind) == (str(sent.id), "sales.OutletRegistered.v1")
    assert envelope == json.loads(sent.envelope)


async def test_the_events_of_a_batch_come_one_by_one_and_in_order(house: House, publish: Any) -> None:
    sent = [outlet(f"outlet-{n}") for n in range(50)]
    async with listening(house) as reader:
        await publish(*sent)
        seen = [(await reader.next())[0] for _ in sent]
    assert seen == [str(one.id) for one in sent]


async def test_a_listener_may_want_some_types_only(house: House, publish: Any) -> None:
    wanted = notice()
    async with listening(house, "?type=notify.") as reader:
        await publish(outlet("citos"))
        await publish(wanted)
        assert (await reader.next())[0] == str(wanted.id)


async def test_who_comes_back_gets_what_was_missed(house: House, publish: Any) -> None:
    sent = [outlet(f"outlet-{n}") for n in range(5)]
    async with listening(house) as reader:
        await publish(*sent)
        for _ in sent:
            last = (await reader.next())[0]
    missed = [outlet("missed-1"), outlet("missed-2")]
    await publish(*missed)
    async with listening(house, last=str(sent[3].id)) as reader:
        assert [(await reader.next())[0] for _ in range(3)] == [last, *[str(one.id) for one in missed]]


async def test_a_quiet_feed_says_that_it_is_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEEP_ALIVE_SECONDS", 0.05)
    client = await house.client("operator")
    async with client.stream("GET", "/v1/events?type=nothing.") as answer, asyncio.timeout(5):
        lines = answer.aiter_lines()
        assert ": still here" in [await anext(lines) for _ in range(4)]


async def test_copies_are_wanted_only_while_somebody_listens_and_a_while_longer(
    servers: Urls, make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "LOOK_AGAIN_SECONDS", 0.02)
    wanted: list[bool] = []
    settings = Settings(database_url=await make_database("gateway"), amqp_url=servers.amqp, http_port=0)
    async with running(settings) as house:
        see = house.gateway.watch.want

        async def want(one: bool) -> None:
            await see(one)
            wanted.append(one)

        house.gateway.attention._want = want
        async with listening(house), listening(house):
            await asyncio.sleep(0.1)
            assert wanted == [True]
        await asyncio.sleep(0.1)
        assert wanted == [True]
        monkeypatch.setattr(attention, "LINGER_SECONDS", 0.0)
        async with asyncio.timeout(5):
            while wanted != [True, False]:  # noqa: ASYNC110 - a loop of the gateway's own
                await asyncio.sleep(0.01)
        async with listening(house):
            assert wanted == [True, False, True]


async def test_who_may_not_listen_or_mistypes_hears_so(house: House) -> None:
    juror, operator = await house.client("juror"), await house.client("operator")
    assert problem(await juror.get("/v1/events"), 403)["code"] == "role_missing"
    assert problem(await operator.get("/v1/events?typ=sales."), 422)["errors"][0]["field"] == "typ"


async def test_listeners_do_not_hold_up_the_end(servers: Urls, make_database: MakeDatabase) -> None:
    settings = Settings(database_url=await make_database("gateway"), amqp_url=servers.amqp, http_port=0)
    async with asyncio.timeout(15):
        async with running(settings) as house:
            client = await house.client("operator")
            async with client.stream("GET", "/v1/events") as answer:
                house.server.should_exit = True
                assert [line async for line in answer.aiter_lines()] == ["retry: 2000", ""]
