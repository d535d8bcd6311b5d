"""From an uploaded photo to the page behind a label, with the real services: what a maker withdraws is gone at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import aio_pika
import httpx
import pytest
from PIL import Image

from services.catalog.app import service as catalog_service
from services.catalog.app import shared_folder
from services.sales.app import service as sales_service
from services.training.app import service as training_service
from shared.contracts.catalog import Criterion
from shared.contracts.training import ConsentChanged, Purpose
from shared.runtime.envelope import join, seal
from shared.runtime.process import Process
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls
from tests.integration.gateway.conftest import House, problem
from tests.unit.catalog.pictures import a_huge_png, a_picture, from_a_phone

SERVICES = (training_service, catalog_service, sales_service)
EVERYTHING = ["training", "public-name", "catalogue-photo", "price-parts"]
NAME = "Ibu Siti Contoh"


@dataclass
class Programme:
    """The services behind the gateway, and the people in front of it."""

    coordinator: httpx.AsyncClient
    juror: httpx.AsyncClient
    anybody: httpx.AsyncClient
    training: Process
    amqp_url: str

    async def post(self, path: str, body: Any, who: httpx.AsyncClient | None = None) -> Any:
        """Asked again while what it needs is on its way."""
        for _ in range(200):
            answer = await (who or self.coordinator).post(path, json=body)
            if answer.status_code != 409:
                break
            await asyncio.sleep(0.05)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def upload(self, path: str, content: bytes, kind: str = "image/jpeg", **query: str) -> httpx.Response:
        return await self.coordinator.post(path, content=content, headers={"Content-Type": kind}, params=query)

    async def submitted(self, *consents: str) -> tuple[str, str]:
        """A new maker and what she has handed in: their ids."""
        home = {"rusun": "marunda", "block": "A", "unit": "101"}
        maker = {"name": NAME, "phone": "081234567890", "consents": list(consents or EVERYTHING)} | home
        maker_id = (await self.post("/v1/makers", maker))["maker_id"]
        shawl = {
            "title": "Selendang parang", "craft": "batik", "technique": "tulis", "material": "sutra", "hours": 40,
            "asking_price": 700_000, "makers": [{"maker_id": maker_id}], "story": "Dari lantai dua belas.",
        }  # fmt: skip
        return maker_id, (await self.post("/v1/submissions", shawl))["submission_id"]

    async def approved(self, submission_id: str) -> str:
        """The product's SKU."""
        scores = dict.fromkeys([str(criterion) for criterion in Criterion], 8)
        await self.post(f"/v1/submissions/{submission_id}/reviews", {"scores": scores}, self.juror)
        decision = {"verdict": "approve", "price": 700_000}
        return str((await self.post(f"/v1/submissions/{submission_id}/decision", decision))["sku"])

    async def withdraw(self, maker_id: str, purpose: Purpose) -> None:
        """As training does it: into its ledger, and out to whom it concerns."""
        at = datetime.now(UTC)
        await self.training.pool.execute(
            "INSERT INTO consent (maker_id, purpose, granted, at, recorded_by) VALUES ($1, $2, false, $3, 'tests')",
            maker_id,
            purpose,
            at,
        )
        event = ConsentChanged(maker_id=maker_id, purpose=purpose, granted=False, at=at)
        async with await aio_pika.connect(self.amqp_url) as connection:
            channel = await connection.channel(on_return_raises=True)
            exchange = await channel.get_exchange("events", ensure=False)
            body = join([seal(event, "training", at).envelope])
            await exchange.publish(aio_pika.Message(body, delivery_mode=2), event.wire, mandatory=True)


@pytest.fixture(scope="module")
async def programme(
    house: House, servers: Urls, new_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Programme]:
    with pytest.MonkeyPatch.context() as patch:
        told = {"DATABASE_URL": "postgresql://unused", "AMQP_URL": servers.amqp}
        told["FILES"] = str(tmp_path_factory.mktemp("photos"))
        for name, value in told.items():
            patch.setenv(f"KARYA_{name}", value)
        shared_folder.cache_clear()
        started = []
        for service in SERVICES:
            database_url = await new_database(service.name)
            process = Process(service, Settings(database_url=database_url, amqp_url=servers.amqp))
            await process.start()
            started.append(process)
        keys = await house.client("coordinator"), await house.client("juror"), await house.anybody()
        running = Programme(*keys, started[0], servers.amqp)
        names = {"name": "Rusunawa Marunda", "cooperative": "kopma", "cooperative_name": "Koperasi Marunda"}
        await running.post("/v1/rusun", {"code": "marunda"} | names)
        await running.post("/v1/outlets", {"code": "citos", "name": "Citos", "place": "Jakarta Selatan"})
        terms = {"valid_from": "2020-01-01", "outlet_bps": 1500, "programme_bps": 1000}
        await running.post("/v1/outlets/citos/agreements", terms)
        yield running
        for process in started:
            await process.stop()
        shared_folder.cache_clear()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(200):
        if await holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never came to that")


async def test_what_a_maker_withdraws_is_gone_from_the_next_page(programme: Programme) -> None:
    maker, submission = await programme.submitted()
    path = f"/v1/submissions/{submission}/photos"
    hers = (await programme.upload(path, from_a_phone(), caption="Di balkon", shows=maker)).json()
    of_things = (await programme.upload(path, a_picture("PNG"), "image/png", caption="Motif parang")).json()
    sku = await programme.approved(submission)
    serial = (await programme.post(f"/v1/products/{sku}/units", {"count": 1}))["items"][0]["serial"]
    page, photo = f"/story/{serial}", f"/story/photos/{hers['photo_id']}/thumbnail"

    before = await programme.anybody.get(page)
    assert before.status_code == 200
    for told in (NAME, "Rusunawa Marunda", "Dari lantai dua belas.", hers["photo_id"], of_things["photo_id"]):
        assert told in before.text, told
    for part in ("Rp525.000", "Rp105.000", "Rp70.000"):
        assert part in before.text, part
    assert Image.open(BytesIO((await programme.anybody.get(photo)).content)).size == (200, 400)

    await programme.withdraw(maker, Purpose.PUBLIC_NAME)
    unnamed = await programme.anybody.get(page)
    await programme.withdraw(maker, Purpose.CATALOGUE_PHOTO)
    unseen = await programme.anybody.get(page)

    assert hers["photo_id"] in unnamed.text
    for gone in (NAME, "Marunda", "Dari lantai"):
        assert gone not in unnamed.text
    assert hers["photo_id"] not in unseen.text
    assert of_things["photo_id"] in unseen.text
    assert (await programme.anybody.get(photo)).status_code == 404
    staff = f"/v1/photos/{hers['photo_id']}/web.jpg"

    async def hidden() -> bool:
        return (await programme.coordinator.get(staff)).status_code == 409

    await until(hidden)
    assert problem(await programme.coordinator.get(staff), 409)["code"] == "photo_hidden"
    product = (await programme.coordinator.get(f"/v1/products/{sku}")).json()
    assert [one["hidden"] for one in product["photos"]] == [True, False]


async def test_nothing_is_shown_of_who_never_agreed(programme: Programme) -> None:
    maker, submission = await programme.submitted("training")
    path = f"/v1/submissions/{submission}/photos"
    hers = (await programme.upload(path, a_picture(), shows=maker)).json()
    sku = await programme.approved(submission)

    page = await programme.anybody.get(f"/story/{sku}")

    assert "Selendang parang" in page.text
    for personal in (NAME, "Marunda", "lantai", hers["photo_id"], "Rp525.000"):
        assert personal not in page.text
    assert (await programme.anybody.get(f"/story/photos/{hers['photo_id']}/web")).status_code == 404


async def test_staff_see_what_the_public_does_not_yet(programme: Programme) -> None:
    _, submission = await programme.submitted()
    photo = (await programme.upload(f"/v1/submissions/{submission}/photos", a_picture("WEBP"), "image/webp")).json()

    shown = await programme.juror.get(f"/v1/photos/{photo['photo_id']}/web.jpg")
    listed = await programme.juror.get(f"/v1/submissions/{submission}/photos")

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert listed.json()["items"] == [photo]
    assert (await programme.anybody.get(f"/v1/photos/{photo['photo_id']}/web.jpg")).status_code == 401
    assert (await programme.anybody.get(f"/story/photos/{photo['photo_id']}/web")).status_code == 404
    assert problem(await programme.juror.get(f"/v1/photos/{photo['photo_id']}/huge.jpg"), 422)["errors"]

    removed = await programme.post(f"/v1/photos/{photo['photo_id']}/removal", {"reason": "shows a child"})
    assert removed == photo
    assert (await programme.juror.get(f"/v1/photos/{photo['photo_id']}/web.jpg")).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"<!doctype html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", a_picture()[:-300],
     a_huge_png()],
    ids=["html", "svg", "a truncated jpeg", "a png of 20000 by 20000"],
)  # fmt: skip
async def test_what_only_says_that_it_is_a_photo_is_refused_naming_the_content(
    programme: Programme, content: bytes
) -> None:
    _, submission = await programme.submitted()

    answer = await programme.upload(f"/v1/submissions/{submission}/photos", content)

    assert [fault["field"] for fault in problem(answer, 422)["errors"]] == ["content"]


async def test_what_does_not_even_say_so_is_refused_at_the_door(programme: Programme) -> None:
    _, submission = await programme.submitted()
    path = f"/v1/submissions/{submission}/photos"

    assert problem(await programme.upload(path, b"<svg/>", "image/svg+xml"), 415)["code"] == "unsupported_media_type"
    assert problem(await programme.upload(path, b"x" * (5 * 1024 * 1024 + 1)), 413)["code"] == "body_too_large"
    assert problem(await programme.upload(path, a_picture(), shows="Ibu Ani"), 422)["errors"][0]["field"] == "shows"
    assert (await programme.juror.post(path, content=a_picture())).status_code == 403


async def test_a_product_is_paused_found_told_of_and_handed_out(programme: Programme) -> None:
    _, submission = await programme.submitted()
    sku = await programme.approved(submission)
    await programme.post(f"/v1/products/{sku}/story", {"story_en": "Drawn with a kingfisher feather."})
    paused = await programme.post(f"/v1/products/{sku}/pause", {"reason": "no silk until March"})
    assert paused["state"] == "paused"

    found = await programme.coordinator.get("/v1/products", params={"q": "kingfishers feath", "price_from": 700_000})
    table = await programme.coordinator.get("/v1/products/export.csv", params={"q": "kingfisher"})
    whole = await programme.coordinator.get("/v1/products/export.json", params={"state": "paused"})

    assert [one["sku"] for one in found.json()["items"]] == [sku]
    assert table.headers["content-type"] == "text/csv"
    assert table.content.decode("utf-8-sig").splitlines()[1].startswith(f"{sku},Selendang parang,batik,tulis,sutra,40,")
    assert [one["sku"] for one in whole.json()["products"]] == [sku]
    assert (await programme.post(f"/v1/products/{sku}/resumption", {"reason": "silk came"}))["state"] == "active"
    assert (await programme.post(f"/v1/products/{sku}/retirement", {"reason": "no more"}))["state"] == "retired"
    assert "Drawn with" in (await programme.anybody.get(f"/story/{sku}?lang=en")).text


async def test_a_certificate_is_verified_by_anybody(programme: Programme) -> None:
    maker, _ = await programme.submitted()
    start = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    plan = {"craft": "batik", "title": "Batik untuk pemula", "rusun": "marunda", "trainer": "Bu Sri"}
    cohort = await programme.post("/v1/cohorts", plan | {"sessions": [{"planned_start": start}]})
    session = cohort["sessions"][0]["session_id"]
    await programme.post(f"/v1/cohorts/{cohort['cohort_id']}/enrolments", {"maker_id": maker})
    present = {"entries": [{"maker_id": maker, "status": "present"}]}
    await programme.post(f"/v1/sessions/{session}/attendance", present)
    await programme.post(f"/v1/sessions/{session}/completion", {"actual_start": start, "actual_minutes": 300})
    done = await programme.post(f"/v1/cohorts/{cohort['cohort_id']}/completion", {})
    number = done["certificates"][0]["number"]

    page = await programme.anybody.get(f"/verify/{number}")

    assert page.status_code == 200
    for told in ("Sertifikat ini sah", number, NAME, "5 jam", "Batik untuk pemula"):
        assert told in page.text, told
    await programme.withdraw(maker, Purpose.PUBLIC_NAME)
    assert NAME not in (await programme.anybody.get(f"/verify/{number}")).text
    assert (await programme.anybody.get("/verify/KR-2026-BTK-99999")).status_code == 404
