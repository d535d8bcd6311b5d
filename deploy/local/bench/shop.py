"""The shop that the reports are about: 3 outlets, 500 products of 200 makers, plenty of each on the shelves."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import aio_pika

from deploy.broker.definitions import ADMIN, OUTLETS
from deploy.local.bench.books import Books
from deploy.local.demo.people import COUNTRY_CODE
from deploy.local.system import Endpoints
from shared.contracts.catalog import MakerWeight, ProductApproved
from shared.contracts.sales import AgreeTerms, DeliveryLine, DispatchDelivery, ReceiveDelivery, RegisterOutlet
from shared.contracts.training import Craft, Purpose, RegisterMaker, RegisterRusun
from shared.runtime import topology
from shared.runtime.envelope import BATCH, join, named_id, now, seal
from shared.runtime.requests import Requests

MAKERS, PRODUCTS = 200, 500
SKUS = tuple(f"BTK-{number:04d}" for number in range(PRODUCTS))
SHELF = 100_000
"""Pieces of each product at each outlet: nothing is ever sold out."""

PRICE = 700_000
SINCE = date(2026, 1, 1)
ME = "bench"


async def open_shop(endpoints: Endpoints, books: Books) -> None:
    """Makers, outlets and stock through the services' requests; the catalog's approvals as events on the broker."""
    requests = Requests(endpoints.amqp_url(ADMIN), ME, f"/{ME}")
    try:
        await requests.ask(
            RegisterRusun(code="rusun", name="Rusun", cooperative="kop", cooperative_name="Koperasi"), actor=ME
        )
        makers = await asyncio.gather(*[_register(requests, number) for number in range(MAKERS)])
        await books.sales_knows("maker", MAKERS)
        await _approve(endpoints.amqp_url(ADMIN), makers)
        await books.sales_knows("product", PRODUCTS)
        for outlet in OUTLETS:
            await _open_outlet(requests, outlet)
    finally:
        await requests.close()


async def _register(requests: Requests, number: int) -> UUID:
    maker = RegisterMaker(
        name=f"Maker {number}",
        phone=f"{COUNTRY_CODE}8500000{number:04d}",
        rusun="rusun",
        block="A",
        unit=str(number),
        since=SINCE,
        consents=[Purpose.TRAINING, Purpose.NOTICES],
    )
    return (await requests.ask(maker, actor=ME, timeout=30)).maker_id


async def _approve(url: str, makers: list[UUID]) -> None:
    """Each product is one maker's."""
    at = now()
    approved = [
        ProductApproved(
            submission_id=named_id(ME, sku),
            sku=sku,
            title="Batik",
            craft=Craft.BATIK,
            price=PRICE,
            price_from=datetime(SINCE.year, SINCE.month, SINCE.day, tzinfo=UTC),
            makers=[MakerWeight(maker_id=makers[number % MAKERS], weight=1)],
        )
        for number, sku in enumerate(SKUS)
    ]
    texts = [seal(event, "catalog", at).envelope for event in approved]
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(topology.EVENTS.name, ensure=False)
        message = aio_pika.Message(
            join(texts), content_type=BATCH, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=ME
        )
        await exchange.publish(message, ProductApproved.wire)


async def _open_outlet(requests: Requests, code: str) -> None:
    await requests.ask(RegisterOutlet(code=code, name=code, place="Jakarta"), actor=ME)
    terms = {"outlet_bps": 2000, "programme_bps": 1000, "hold_days": 0, "advances": True}
    await requests.ask(AgreeTerms(code=code, valid_from=SINCE, **terms), actor=ME)
    lines = [DeliveryLine(sku=sku, quantity=SHELF) for sku in SKUS]
    delivery = await requests.ask(DispatchDelivery(outlet=code, lines=lines), actor=ME)
    await requests.ask(ReceiveDelivery(delivery_id=delivery.delivery_id), actor=ME)
