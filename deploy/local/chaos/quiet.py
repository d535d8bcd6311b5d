"""The same reports once more, undisturbed: the real sales, on a copy of its database, in a quiet corner."""

import asyncio
import json
import signal
import time
from collections.abc import Sequence
from operator import itemgetter

import aio_pika

from deploy.broker.definitions import ADMIN, OUTLETS
from deploy.local import pids, processes
from deploy.local.chaos.feed.goods import LATE
from deploy.local.chaos.feed.plan import Feed
from deploy.local.chaos.feed.telling import Json
from deploy.local.chaos.house import copies
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.house.nodes import QUIET
from deploy.local.state import SetupError
from services.sales.views.books import Books, get_books
from shared import db
from shared.contracts.catalog import ProductApproved
from shared.runtime.envelope import BATCH, join

TOGETHER = 100
PATIENCE = 60.0


async def play(house: Installation, feed: Feed) -> Books:
    """The books that the feed leads to. Raises SetupError when it does not come to its end."""
    name = await copies.copy_of_sales(house)
    record = pids.start(house.state, house.quiet_sales(name))
    url = house.database_url(name, "sales")
    try:
        await _until_ready(record)
        await _publish(house, "events", ProductApproved.wire, [await _approval(house)])
        await _until(url, f"SELECT count(*) FROM product WHERE sku = '{LATE}'", 1)  # noqa: S608 - our own word
        for outlet in OUTLETS:
            told = sorted([event for event in feed.told if event["data"]["outlet"] == outlet], key=itemgetter("time"))
            for start in range(0, len(told), TOGETHER):
                texts = [json.dumps(event) for event in told[start : start + TOGETHER]]
                await _publish(house, "outlets", f"{outlet}.all", texts)
        before = len({event["data"]["business_date"] + str(event["source"]) for event in feed.told if _closes(event)})
        await _until(url, "SELECT count(*) FROM till_check WHERE state = 'tied'", before)
        sales = await db.connect(url, "chaos")
        books = await get_books(sales)
        await sales.close()
        return books
    finally:
        await asyncio.to_thread(pids.stop, house.state, record.name, signal.SIGKILL, 5)


def _closes(event: Json) -> bool:
    return bool(event["type"].startswith("outlet.TillClosed"))


async def _approval(house: Installation) -> str:
    """The event that told the house of the late product."""
    catalog = await db.connect(house.database_url("catalog", "catalog"), "chaos")
    asked = "SELECT envelope FROM event_log WHERE type = $1 AND envelope::jsonb #>> '{data,sku}' = $2"
    envelope: str = await catalog.fetchval(asked, ProductApproved.wire, LATE)
    await catalog.close()
    return envelope


async def _publish(house: Installation, exchange: str, key: str, texts: Sequence[str]) -> None:
    connection = await aio_pika.connect(house.amqp_url(ADMIN, QUIET))
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        target = await channel.get_exchange(exchange, ensure=False)
        message = aio_pika.Message(join(list(texts)), content_type=BATCH, delivery_mode=2)
        await target.publish(message, key, mandatory=True)


async def _until_ready(record: pids.Record) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await asyncio.to_thread(processes.is_ready, record):
        if time.monotonic() > deadline or not record.is_alive:
            raise SetupError("the undisturbed sales does not start; see quiet.log")
        await asyncio.sleep(0.1)


async def _until(url: str, asked: str, wanted: int) -> None:
    """The time limit counts from the last sale that was booked: a long feed takes long, standing still is a fault."""
    deadline, booked = time.monotonic() + PATIENCE, 0
    sales = await db.connect(url, "chaos")
    try:
        while (found := await sales.fetchval(asked)) != wanted:
            before, booked = booked, await sales.fetchval("SELECT coalesce(max(no), 0) FROM sale")
            if booked != before:
                deadline = time.monotonic() + PATIENCE
            if time.monotonic() > deadline:
                raise SetupError(f"undisturbed, {asked!r} is {found} and not {wanted} and nothing moves any more")
            await asyncio.sleep(0.2)
    finally:
        await sales.close()
