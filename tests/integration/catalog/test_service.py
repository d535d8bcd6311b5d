"""The catalog as a whole, over a real broker: from a maker's registration to a product with a price."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import aio_pika
import pypdfium2
import pytest
import zxingcpp

from services.catalog.app import service
from shared.contracts.catalog import (
    GetLabels,
    GetProduct,
    LabelUnits,
    ProductApproved,
    ProductReviewed,
    ProductSubmitted,
)
from shared.contracts.message import Part, Request
from shared.contracts.training import MakerRegistered
from shared.db import Pool
from shared.errors import Invalid, NotYet, Rejected
from shared.runtime.envelope import join, new_id, now, seal
from shared.runtime.process import Process
from shared.runtime.requests import Requests
from shared.settings import Settings
from tests.integration.catalog.builders import ANI, NOON, a_decision, a_review, a_shawl

R = TypeVar("R", bound=Part)
TRIES = 100


@pytest.fixture
async def catalog(make_database: Callable[[str], Awaitable[str]], broker_url: str) -> AsyncIterator[Pool]:
    process = Process(service, Settings(database_url=await make_database("catalog"), amqp_url=broker_url))
    await process.start()
    yield process.pool
    await process.stop()


@pytest.fixture
async def requests(broker_url: str) -> AsyncIterator[Requests]:
    client = Requests(broker_url, "tests", "/tests")
    yield client
    await client.close()


async def test_a_registered_makers_work_becomes_a_product(catalog: Pool, requests: Requests, broker_url: str) -> None:
    await _register_ani(broker_url)

    submission = await _patiently(requests, a_shawl(ANI))
    await requests.ask(a_review(submission), actor="juror:dewi")
    with pytest.raises(Rejected, match="already_reviewed"):
        await requests.ask(a_review(submission), actor="juror:dewi")
    approved = await requests.ask(a_decision(submission), actor="coordinator:rini")
    product = await requests.ask(GetProduct(sku=approved.sku or ""), actor="outlet:citos")

    assert (approved.state, product.sku, product.price) == ("approved", "BTK-0001", 700_000)
    assert [review.juror for review in approved.reviews] == ["juror:dewi"]
    told = await catalog.fetch("SELECT type FROM event_log ORDER BY recorded_at")
    assert [row["type"] for row in told] == [ProductSubmitted.wire, ProductReviewed.wire, ProductApproved.wire]


async def test_the_same_submission_sent_twice_is_one(catalog: Pool, requests: Requests, broker_url: str) -> None:
    await _register_ani(broker_url)
    first = await _patiently(requests, a_shawl(ANI))

    again = await requests.ask(a_shawl(ANI), actor="coordinator:rini", id=first.submission_id)

    assert again == first
    assert await catalog.fetchval("SELECT count(*) FROM submission") == 1


async def test_an_incomplete_review_names_what_is_missing(catalog: Pool, requests: Requests, broker_url: str) -> None:
    await _register_ani(broker_url)
    review = a_review(await _patiently(requests, a_shawl(ANI)))
    some = {criterion: score for criterion, score in review.scores.items() if criterion != "finish"}

    with pytest.raises(Invalid) as refused:
        await requests.ask(review.model_copy(update={"scores": some}), actor="juror:dewi")

    assert [fault["field"] for fault in refused.value.errors] == ["scores.finish"]


async def test_a_full_set_of_label_sheets_travels_over_the_broker(
    catalog: Pool, requests: Requests, broker_url: str
) -> None:
    await _register_ani(broker_url)
    submission = await _patiently(requests, a_shawl(ANI))
    await requests.ask(a_review(submission), actor="juror:dewi")
    approved = await requests.ask(a_decision(submission), actor="coordinator:rini")
    wanted, key = LabelUnits(sku=approved.sku or "", count=200), new_id()

    labelled = await requests.ask(wanted, actor="coordinator:rini", id=key)
    again = await requests.ask(wanted, actor="coordinator:rini", id=key)
    sheets = await requests.ask(GetLabels(sku=wanted.sku, count=200), actor="coordinator:rini")

    assert again == labelled
    assert await catalog.fetchval("SELECT count(*) FROM unit") == 200
    drawn = list(pypdfium2.PdfDocument(sheets.content))
    codes = zxingcpp.read_barcodes(drawn[-1].render(scale=300 / 72).to_pil())
    last = labelled.items[192:]
    assert len(drawn) == 9
    assert {code.text for code in codes} == {u.serial for u in last} | {u.story_url for u in last}


async def _register_ani(url: str) -> None:
    event = MakerRegistered(maker_id=ANI, rusun="marunda", cooperative="kopma", since=NOON.date())
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange("events", ensure=False)
        body = join([seal(event, "training", now()).envelope])
        await exchange.publish(aio_pika.Message(body, delivery_mode=2), event.wire, mandatory=True)


async def _patiently(requests: Requests, wanted: Request[R]) -> R:
    """As whoever is told NotYet does it: asks again under the same key."""
    key = new_id()
    for _ in range(TRIES):
        try:
            return await requests.ask(wanted, actor="coordinator:rini", id=key)
        except NotYet:
            continue
    return pytest.fail("the maker's registration never arrived")
