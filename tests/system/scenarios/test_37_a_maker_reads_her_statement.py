"""Scenario 37. A maker reads her statement on her phone: from the session to the rupiah, with nobody's login."""

import json
import re
from datetime import timedelta
from io import BytesIO

import httpx
import pypdfium2

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, today, wib

NAME = "Ibu Sekarwangi Laras"
BROWSER = {"accept-language": "id"}


async def a_learner(world: World) -> tuple[str, str]:
    """A maker, and the title of the batik course in whose only session she was for 200 of 360 minutes."""
    rusun = await world.rusun()
    home = {"rusun": rusun, "block": "A", "unit": "101", "since": "2020-01-01"}
    person = {"name": NAME, "phone": "081299990037", "consents": ["training", "notices"]}
    maker = str((await world.coordinator.post("/v1/makers", person | home))["maker_id"])
    title = f"Batik tulis {rusun}"
    session = {"planned_start": wib(40, "09:00").isoformat(), "planned_minutes": 180}
    course = {"craft": "batik", "title": title, "rusun": rusun, "trainer": "Bu Sri", "sessions": [session]}
    cohort = await world.coordinator.post("/v1/cohorts", course)
    await world.coordinator.post(
        f"/v1/cohorts/{cohort['cohort_id']}/enrolments", {"maker_id": maker, "since": f"{today() - timedelta(days=60)}"}
    )
    path = f"/v1/sessions/{cohort['sessions'][0]['session_id']}"
    sheet = {"entries": [{"maker_id": maker, "status": "left-early", "minutes": 200}]}
    await world.coordinator.post(f"{path}/attendance", sheet)
    await world.coordinator.post(
        f"{path}/completion", {"actual_start": wib(40, "09:00").isoformat(), "actual_minutes": 360}
    )
    return maker, title


async def published(world: World, maker: str) -> Json:
    """Her newest statement, after everybody's were made up for this month."""
    while (await world.finance.post("/v1/statements", {"month": f"{today():%Y-%m}"}))["more"]:
        pass
    heads = await world.finance.every("/v1/statements", maker_id=maker)
    head: Json = heads[0]
    return head


async def page_of(world: World, statement: Json) -> str:
    """The path of its page, as a coordinator hands it out."""
    link = await world.coordinator.get(f"/v1/statements/{statement['statement_id']}/link")
    return httpx.URL(link["url"]).path


async def test_she_reads_what_was_sold_what_she_gets_and_what_waits(world: World) -> None:
    maker, title = await a_learner(world)
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 2})
    await world.report(till, till.sale("S37-1", sku, 700_000, wib(3, "10:00")))
    first = await published(world, maker)
    await world.report(till, till.sale("S37-2", sku, 700_000, wib(20, "10:00")))
    second = await published(world, maker)

    await world.books.told(maker, "statement-published", 2)
    assert (first["opening"], first["closing"]) == (0, 525_000)
    assert (second["opening"], second["closing"]) == (525_000, 1_050_000)
    path = await page_of(world, first)
    page = await world.http.get(path, headers=BROWSER)
    assert page.status_code == 200
    for told in (NAME.removeprefix("Ibu "), "Kain batik", "citos", "S37-1/1", "Rp525.000", "Menunggu pembayaran"):
        assert told in page.text
    assert "S37-2" not in page.text, "what was told late is on the next one"
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Sold: Kain batik" in (await world.http.get(f"{path}?lang=en")).text

    thread = json.loads(await world.coordinator.file(f"/v1/makers/{maker}/statement.json"))
    assert [line["receipt"] for line in thread["lines"]] == ["S37-1", "S37-2"]
    assert [(one["title"], one["minutes"]) for one in thread["learnt"]] == [(title, 200)]
    assert thread["opening"] + sum([line["amount"] for line in thread["lines"]]) == thread["closing"]


async def test_on_paper_it_says_the_same(world: World) -> None:
    maker, title = await a_learner(world)
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 1})
    await world.report(till, till.sale("S37-3", sku, 700_000, wib(3, "10:00")))
    days = f"since={today() - timedelta(days=1)}&until={today() + timedelta(days=1)}"
    for paper in (
        await world.finance.file(f"/v1/makers/{maker}/statement.pdf?{days}"),
        (await world.http.get(f"{await page_of(world, await published(world, maker))}/pdf")).content,
    ):
        text = "".join([one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(BytesIO(paper))])
        for told in (NAME.removeprefix("Ibu "), "S37-3/1", "Rp525.000", f"Batik: {title}, 200 menit"):
            assert told in text


async def test_a_link_that_nobody_gave_opens_nothing(world: World) -> None:
    maker, _ = await a_learner(world)
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 1})
    await world.report(till, till.sale("S37-4", sku, 700_000, wib(3, "10:00")))
    path = await page_of(world, await published(world, maker))
    for guess in (path[:-1] + ("A" if path[-1] != "A" else "B"), "/statements/" + "A" * 43, path.upper()):
        page = await world.http.get(guess, headers=BROWSER)
        assert page.status_code == 404
        assert "S37-4" not in page.text

    logs = "".join([log.read_text(errors="replace") for log in world.system.state.folder("log").glob("*.log*")])
    token = path.rpartition("/")[2]
    assert "/statements/{token}" in logs, "the page is logged by its template"
    assert token not in logs
    assert not re.search(NAME.removeprefix("Ibu "), logs)
