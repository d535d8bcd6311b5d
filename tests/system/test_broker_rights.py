"""What a real broker lets its users do, with the definitions it is started with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from deploy.local.servers import Servers
from deploy.local.servers import test_servers as private_servers

Act = Callable[[AbstractChannel], Awaitable[object]]
BODY = aio_pika.Message(b"[]")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with private_servers() as running:
        yield running


@asynccontextmanager
async def _as(servers: Servers, user: str) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(servers.amqp_url_of(user))
    async with connection:
        yield await connection.channel(on_return_raises=True)


async def _refused(servers: Servers, user: str, act: Act) -> bool:
    """Whether the broker refuses for want of rights; anything else that goes wrong is an error of the test."""
    async with _as(servers, user) as channel:
        try:
            await act(channel)
        except ChannelAccessRefused:
            return True
    return False


def _publish(exchange: str, key: str, message: aio_pika.Message = BODY) -> Act:
    async def act(channel: AbstractChannel) -> None:
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        await target.publish(message, routing_key=key, mandatory=False)

    return act


async def _declare_queue(channel: AbstractChannel) -> None:
    await channel.declare_queue("citos.mine", exclusive=True)


async def _declare_named_by_broker(channel: AbstractChannel) -> None:
    await channel.declare_queue(exclusive=True)


async def _declare_exchange(channel: AbstractChannel) -> None:
    await channel.declare_exchange("mine")


async def _consume_sales(channel: AbstractChannel) -> None:
    queue = await channel.get_queue("sales.outlets", ensure=False)
    await queue.get(fail=False)


async def _sales_queue(servers: Servers) -> None:
    """As sales does at its start."""
    async with _as(servers, "sales") as channel:
        await channel.declare_exchange("outlets", aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(
            "sales.outlets",
            durable=True,
            arguments={
                "x-queue-type": "quorum",
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": "sales.dead",
            },
        )
        await queue.bind("outlets", routing_key="#")
        await queue.purge()


async def test_an_outlets_report_reaches_sales_under_its_own_till_key(servers: Servers) -> None:
    await _sales_queue(servers)
    message = aio_pika.Message(b"[1]", user_id="outlet-citos")
    assert not await _refused(servers, "outlet-citos", _publish("outlets", "citos.till-1", message))
    async with _as(servers, "sales") as channel:
        received = await (await channel.get_queue("sales.outlets")).get(no_ack=True)
        assert (received.body, received.routing_key, received.user_id) == (b"[1]", "citos.till-1", "outlet-citos")


@pytest.mark.parametrize("user", ["outlet-citos", "outlet-alun-alun"])
@pytest.mark.parametrize(
    ("exchange", "key"),
    [("outlets", "pim.till-1"), ("outlets", "till-1"), ("events", "sales.ItemSold.v1"), ("", "sales.requests")],
)
async def test_an_outlet_cannot_publish_anything_else(servers: Servers, user: str, exchange: str, key: str) -> None:
    assert await _refused(servers, user, _publish(exchange, key))


@pytest.mark.parametrize("act", [_declare_queue, _declare_named_by_broker, _declare_exchange, _consume_sales])
async def test_an_outlet_cannot_declare_or_read_anything(servers: Servers, act: Act) -> None:
    await _sales_queue(servers)
    assert await _refused(servers, "outlet-citos", act)


async def test_an_outlet_cannot_speak_in_another_ones_name(servers: Servers) -> None:
    message = aio_pika.Message(b"[]", user_id="outlet-pim")
    with pytest.raises(AMQPError):
        await _refused(servers, "outlet-citos", _publish("outlets", "citos.till-1", message))


@pytest.mark.parametrize(("user", "key"), [("sales", "training.CertificateIssued.v1"), ("notify", "sales.ItemSold.v1")])
async def test_a_service_cannot_publish_another_services_event(servers: Servers, user: str, key: str) -> None:
    assert await _refused(servers, user, _publish("events", key))
    assert not await _refused(servers, user, _publish("events", f"{user}.SomethingHappened.v1"))


async def test_a_service_cannot_read_another_services_queue(servers: Servers) -> None:
    await _sales_queue(servers)
    assert await _refused(servers, "catalog", _consume_sales)
    assert not await _refused(servers, "sales", _consume_sales)


async def test_the_gateway_asks_a_service_and_gets_its_answer(servers: Servers) -> None:
    async with _as(servers, "catalog") as catalog, _as(servers, "gateway") as gateway:
        requests = await catalog.declare_queue("catalog.requests", durable=True)
        replies = await gateway.get_queue("amq.rabbitmq.reply-to", ensure=False)
        answers: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        await replies.consume(answers.put, no_ack=True)
        question = aio_pika.Message(b"?", reply_to="amq.rabbitmq.reply-to")
        await gateway.default_exchange.publish(question, routing_key="catalog.requests")
        asked = await requests.get(no_ack=True)
        assert asked.reply_to is not None
        await catalog.default_exchange.publish(aio_pika.Message(b"!"), routing_key=asked.reply_to, mandatory=False)
        answer = await asyncio.wait_for(answers.get(), 5)
        assert answer.body == b"!"


async def test_the_gateway_follows_events_and_brings_reports_but_writes_no_event(servers: Servers) -> None:
    async with _as(servers, "gateway") as channel:
        feed = await channel.declare_queue(exclusive=True)
        await feed.bind("feed", routing_key="#")
    assert not await _refused(servers, "gateway", _publish("outlets", "pim.till-2"))
    assert await _refused(servers, "gateway", _publish("events", "gateway.Something.v1"))


async def test_the_administrator_may_do_everything(servers: Servers) -> None:
    for act in (_declare_exchange, _consume_sales, _publish("events", "sales.ItemSold.v1")):
        assert not await _refused(servers, "karya", act)
