"""Goods by HTTP, against real sales: people send, outlets receive and count what is theirs and nobody else's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.sales.app import service
from shared.runtime.process import Process
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls
from tests.integration.gateway.conftest import House, problem
from tests.integration.sales.builders import SHAWL, open_outlet, open_shop

LINES = [{"sku": SHAWL, "quantity": 10}]


@dataclass
class People:
    rini: httpx.AsyncClient
    citos: httpx.AsyncClient
    pim: httpx.AsyncClient


@pytest.fixture(scope="module")
async def people(house: House, new_database: MakeDatabase, servers: Urls) -> AsyncIterator[People]:
    process = Process(service, Settings(database_url=await new_database("sales"), amqp_url=servers.amqp))
    await process.start()
    await open_shop(process.pool, "citos")
    await open_outlet(process.pool, "pim")
    outlets = [await house.client("outlet", code, name=code) for code in ("citos", "pim")]
    yield People(await house.client("coordinator"), *outlets)
    await process.stop()


async def send(people: People, outlet: str) -> str:
    answer = await people.rini.post("/v1/deliveries", json={"outlet": outlet, "lines": LINES})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["delivery_id"])


async def test_an_outlet_receives_what_was_sent_to_it_and_nothing_else(people: People) -> None:
    delivery = await send(people, "citos")
    receipt = f"/v1/deliveries/{delivery}/receipt"
    assert problem(await people.pim.post(receipt), 404)["code"] == "delivery_unknown"
    assert problem(await people.pim.post(receipt, json={"outlet": "citos"}), 403)["code"] == "other_outlet"
    told = {"lines": [{"sku": SHAWL, "received": 9}]}
    answer = await people.citos.post(receipt, json=told)
    assert (answer.status_code, answer.json()["state"]) == (200, "partial")
    assert problem(await people.citos.post(receipt, json=told), 409)["code"] == "already_received"
    claims = (await people.citos.get("/v1/claims", params={"state": "open"})).json()["items"]
    assert [(claim["delivery_id"], claim["kind"], claim["left"]) for claim in claims] == [(delivery, "missing", 1)]
    assert (await people.pim.get("/v1/claims")).json()["items"] == []
    settled = await people.rini.post(f"/v1/claims/{claims[0]['claim_id']}/settlement", json={"resolution": "found"})
    assert settled.json()["state"] == "settled"
    assert (await people.rini.get(f"/v1/deliveries/{delivery}")).json()["state"] == "resolved"


async def test_an_outlet_sees_its_own_deliveries(people: People) -> None:
    delivery = await send(people, "pim")
    assert delivery in {one["delivery_id"] for one in (await people.pim.get("/v1/deliveries")).json()["items"]}
    assert delivery not in {one["delivery_id"] for one in (await people.citos.get("/v1/deliveries")).json()["items"]}
    assert problem(await people.citos.get("/v1/deliveries", params={"outlet": "pim"}), 403)["code"] == "other_outlet"
    assert problem(await people.citos.get(f"/v1/deliveries/{delivery}"), 404)["code"] == "delivery_unknown"
    called_off = await people.rini.post(f"/v1/deliveries/{delivery}/cancellation", json={"reason": "another day"})
    assert called_off.json()["state"] == "cancelled"


async def test_an_outlet_counts_and_somebody_else_approves(people: People) -> None:
    await people.pim.post(f"/v1/deliveries/{await send(people, 'pim')}/receipt")
    at = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    count = {"counted_at": at, "lines": [{"sku": SHAWL, "counted": 8}]}
    problem(await people.citos.post("/v1/outlets/pim/stock-counts", json=count), 403)
    answer = await people.pim.post("/v1/outlets/pim/stock-counts", json=count)
    assert answer.status_code == 201
    assert [(line["expected"], line["variance"]) for line in answer.json()["lines"]] == [(10, -2)]
    path = f"/v1/stock-counts/{answer.json()['count_id']}"
    assert problem(await people.pim.post(f"{path}/approval"), 403)["code"] == "role_missing"
    approved = await people.rini.post(f"{path}/approval")
    assert (approved.json()["approved_by"], approved.json()["lines"]) == (
        "coordinator:coordinator",
        [{"sku": SHAWL, "delta": -2}],
    )
    assert (await people.pim.get(path)).json()["state"] == "approved"
    assert problem(await people.citos.get(path), 404)["code"] == "count_unknown"
    listed = (await people.pim.get("/v1/outlets/pim/stock-counts")).json()["items"]
    assert [one["state"] for one in listed] == ["approved"]


async def test_pieces_are_held_moved_and_called_home(people: People) -> None:
    await people.rini.post(f"/v1/deliveries/{await send(people, 'citos')}/receipt")
    held = await people.rini.post(
        "/v1/outlets/citos/reservations", json={"sku": SHAWL, "quantity": 3, "client": "Hotel Melati"}
    )
    assert held.status_code == 201
    stock = (await people.citos.get("/v1/outlets/citos/stock")).json()["items"][0]
    free = stock["available"]
    assert free == stock["on_hand"] - 3
    order = {"from_outlet": "citos", "outlet": "pim", "lines": [{"sku": SHAWL, "quantity": free + 1}]}
    assert problem(await people.rini.post("/v1/transfers", json=order), 409)["code"] == "more_than_on_hand"
    released = await people.rini.post(f"/v1/reservations/{held.json()['reservation_id']}/release")
    assert released.json()["state"] == "released"
    assert (await people.rini.post("/v1/transfers", json=order)).status_code == 201
    recall = {"outlet": "citos", "lines": [{"sku": SHAWL, "quantity": 2}], "reason": "worn out"}
    assert (await people.rini.post("/v1/recalls", json=recall)).json()["kind"] == "recall"
    assert (await people.rini.get("/v1/outlets/citos/reservations")).json()["items"][0]["state"] == "released"


async def test_who_looks_for_a_piece_is_told_where_it_is_and_outlets_are_not(people: People) -> None:
    path = "/v1/units/2900000000018/place"
    assert problem(await people.rini.get(path), 404)["code"] == "piece_unknown"
    own = {"outlet": "citos", "lines": [{"sku": SHAWL, "quantity": 1, "serials": ["2900000000018"]}]}
    assert problem(await people.rini.post("/v1/deliveries", json=own), 409)["code"] == "serial_unknown"
    assert problem(await people.citos.get(path), 403)["code"] == "role_missing"


async def test_an_outlet_sees_what_runs_out_and_what_does_not_sell(people: People) -> None:
    low = await people.citos.get("/v1/outlets/citos/low-stock", params={"threshold": 100, "days": 7})
    assert [line["sku"] for line in low.json()["items"]] == [SHAWL]
    slow = await people.citos.get("/v1/outlets/citos/slow-sellers")
    assert (slow.status_code, slow.json()["items"]) == (200, [])
    problem(await people.pim.get("/v1/outlets/citos/low-stock"), 403)
