"""Scenario 4. Same serial sold at Citos and PIM within a minute: both facts kept, one accepted, the maker paid once."""

import asyncio
from dataclasses import dataclass

import pytest

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, wib

EARNED = {"citos": 525_000, "pim": 455_000}


@dataclass(frozen=True)
class Doubt:
    """One piece that two tills say they sold."""

    maker: str
    sku: str
    serial: str
    stands: str
    doubted: str
    parked: Json


async def a_doubted_piece(world: World, receipt: str) -> Doubt:
    """It lay at Citos; both tills tell of its sale at the same moment."""
    maker = await world.maker()
    sku = await world.product(maker)
    labelled = await world.coordinator.post(f"/v1/products/{sku}/units", {"count": 1})
    serial = labelled["items"][0]["serial"]
    tills = {outlet: await world.till(outlet) for outlet in ("citos", "pim")}
    await world.deliver("citos", [{"sku": sku, "quantity": 1, "serials": [serial]}])
    at = {"citos": wib(1, "14:00:10"), "pim": wib(1, "14:00:50")}
    async with world.books.after(2):
        await asyncio.gather(
            *[till.report(till.sale(receipt, sku, 700_000, at[o], serial=serial)) for o, till in tills.items()]
        )
    stands = (await world.books.sale(sku=sku))["outlet"]
    doubted = "pim" if stands == "citos" else "citos"
    parked = await world.books.parked(f"{doubted}/{tills[doubted].name}/{receipt}/1", "serial_already_sold")
    return Doubt(maker, sku, serial, stands, doubted, parked)


async def test_one_sale_stands_the_other_is_kept_and_somebody_is_asked_which_is_physical(world: World) -> None:
    doubt = await a_doubted_piece(world, "S04-A")

    assert (doubt.parked["state"], doubt.parked["kind"]) == ("person", "conflict")
    assert doubt.parked["event"]["data"]["serial"] == doubt.serial
    assert [one["outlet"] for one in doubt.parked["candidates"]] == [doubt.stands]
    (finding,) = await of_piece(world, doubt, "open")
    assert "look for the piece" in finding["remedy"]
    assert await world.books.owed(doubt.maker) == EARNED[doubt.stands]
    await world.books.told(doubt.maker, "item-sold", 1)


@pytest.mark.parametrize("right", ["recorded", "parked"])
async def test_whichever_sale_was_the_physical_one_the_maker_is_paid_once(world: World, right: str) -> None:
    doubt = await a_doubted_piece(world, f"S04-{right}")
    sold_by = doubt.stands if right == "recorded" else doubt.doubted

    reason = f"the piece is not at {sold_by} any more"
    path = f"/v1/parked/{doubt.parked['parked_id']}/choice"
    done = await world.coordinator.post(path, {"right": right, "reason": reason})

    assert done["state"] == {"recorded": "discarded", "parked": "redriven"}[right]
    valid = [sale for sale in await world.books.sales(sku=doubt.sku) if not sale["voided"]]
    assert [sale["outlet"] for sale in valid] == [sold_by]
    assert await world.books.owed(doubt.maker) == EARNED[sold_by]
    await world.books.accounts()
    for finding in await of_piece(world, doubt, "open"):
        await world.coordinator.post(f"/v1/findings/{finding['finding_id']}/settlement", {"note": reason})
    assert await of_piece(world, doubt, "open") == []
    assert len(await of_piece(world, doubt, "settled")) == 1


async def of_piece(world: World, doubt: Doubt, state: str) -> list[Json]:
    """The findings that two tills sold this piece."""
    found = await world.books.findings("serial-conflict", doubt.doubted, state)
    return [finding for finding in found if finding["detail"]["serial"] == doubt.serial]
