"""Notify as a whole: an event on the broker becomes a notice that a maker can read and that is sent to her."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aio_pika

from services.notify.app import service
from shared.contracts.notify import CountNotices, ListNotices
from shared.runtime.envelope import join, now, seal
from shared.runtime.process import Process
from shared.settings import Settings
from tests.integration.notify.builders import ANI, WATI, a_contact, a_sale
from tests.integration.notify.conftest import Notify


async def test_an_item_sold_reaches_its_makers(
    notify: Notify, make_database: Callable[[str], Awaitable[str]], broker_url: str
) -> None:
    notify.desk.knows(a_contact(ANI), a_contact(WATI, may_notify=False))
    process = Process(service, Settings(database_url=await make_database("notify"), amqp_url=broker_url))
    await process.start()
    try:
        sold = a_sale(ANI, WATI)
        await _publish(broker_url, sold.wire, join([seal(sold, "sales", now()).envelope]))

        counted = await _settled(notify, 2)
        listed = await notify.requests.ask(ListNotices(maker_id=ANI), actor="coordinator:rini")
    finally:
        await process.stop()

    assert counted == {"sent": 1, "suppressed": 1}
    assert "Rp700.000" in listed.items[0].text


async def _publish(url: str, kind: str, body: bytes) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange("events", ensure=False)
        await exchange.publish(aio_pika.Message(body, delivery_mode=2), kind, mandatory=True)


async def _settled(notify: Notify, n: int) -> dict[str, int]:
    """The counts, when `n` notices have come to their end; whatever there is after ten seconds."""
    end = time.monotonic() + 10
    while True:
        counts = (await notify.requests.ask(CountNotices(), actor="coordinator:rini")).by_state
        if time.monotonic() > end or (sum(counts.values()) == n and "queued" not in counts):
            return counts
        await asyncio.sleep(0.05)
