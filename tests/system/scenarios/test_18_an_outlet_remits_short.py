"""Scenario 18. An outlet remits short by 175.000: only what is settled is payable; the others wait for the outlet."""

from datetime import timedelta

from tests.system.scenarios.books import moved
from tests.system.scenarios.hearing import Ear, listening
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, today, wib

OUTLET = "gandaria"
LATER = {"hold_days": 7, "advances": False}
HERS, OWED = 455_000, 525_000
"""Of 700.000: a quarter is the outlet's, a tenth the programme's."""


async def a_seller(world: World, receipt: str, days_ago: int) -> tuple[str, str]:
    """A maker who has sold a shawl at the outlet, and her cooperative."""
    rusun = await world.rusun()
    maker = await world.maker(rusun)
    sku, till = await world.product(maker), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 1})
    await world.report(till, till.sale(receipt, sku, 700_000, wib(days_ago, "10:00")))
    return maker, f"kop-{rusun}"


async def waiting(world: World, maker: str) -> tuple[int, int, int]:
    """For the days of hold, for the outlet, for nothing but the next batch."""
    seen = await world.finance.get(f"/v1/makers/{maker}/waiting")
    return seen["hold"], seen["outlet"], seen["payable"]


async def remit(world: World, amount: int, reference: str) -> Json:
    """For what was sold until a month ago."""
    through = (today() - timedelta(days=30)).isoformat()
    money = {"amount": amount, "received_on": today().isoformat(), "through": through, "reference": reference}
    recorded: Json = await world.finance.post(f"/v1/outlets/{OUTLET}/remittances", money)
    return recorded


async def freeze(world: World, cooperative: str) -> Json:
    batch: Json = await world.finance.post("/v1/payouts", {"cooperative": cooperative})
    return batch


async def test_only_what_is_settled_becomes_payable_and_the_others_wait_for_the_outlet(world: World) -> None:
    await world.outlet(OUTLET, **LATER)
    first, her_cooperative = await a_seller(world, "S18-1", 42)
    second, other_cooperative = await a_seller(world, "S18-2", 41)
    third, _ = await a_seller(world, "S18-3", 2)
    assert [await waiting(world, maker) for maker in (first, second, third)] == [
        (0, HERS, 0), (0, HERS, 0), (HERS, 0, 0),
    ]  # fmt: skip
    assert (await world.finance.refused("/v1/payouts", {"cooperative": her_cooperative}))["code"] == "nothing_payable"

    before = await world.books.accounts()
    async with listening(world.endpoints.amqp_url("karya")) as ear:
        recorded = await remit(world, 2 * OWED - 175_000, "S18-SHORT")
        await is_told(ear, recorded)
    assert (recorded["due"], recorded["on_account"], recorded["missing"]) == (OWED, 350_000, 175_000)
    assert moved(before, await world.books.accounts()) == {
        "bank programme": 2 * OWED - 175_000,
        f"outlet-receivable {OUTLET}": -(2 * OWED - 175_000) - 175_000,
        f"outlet-commission {OUTLET}": 175_000,
    }
    page = await world.finance.get(f"/v1/remittances/{recorded['remittance_id']}")
    assert [fact["receipt"] for fact in page["items"]] == ["S18-1"]

    # What is settled is paid; the other maker sees why she is not.
    assert (await freeze(world, her_cooperative))["total"] == HERS
    assert (await world.finance.refused("/v1/payouts", {"cooperative": other_cooperative}))["code"] == "nothing_payable"
    assert [await waiting(world, maker) for maker in (first, second)] == [(0, 0, 0), (0, HERS, 0)]
    await world.books.told(second, "makers-waiting", 1)
    (sale,) = (await world.finance.get(f"/v1/makers/{second}/waiting"))["items"]
    assert (sale["why"], sale["receipt"], sale["late"]) == ("outlet", "S18-2", True)
    await is_late(world)
    wrong = f"/v1/remittances/{recorded['remittance_id']}/reversal"
    assert (await world.finance.refused(wrong, {"reason": "a slip"}))["code"] == "remittance_in_payout"

    # With what was missing she becomes payable.
    await is_entered_once(world, recorded)
    rest = await remit(world, 175_000, "S18-REST")
    assert (rest["due"], rest["on_account"], rest["missing"]) == (OWED, 0, 0)
    assert await waiting(world, second) == (0, 0, HERS)
    assert (await freeze(world, other_cooperative))["total"] == HERS


async def is_told(ear: Ear, recorded: Json) -> None:
    """What came, what it settled, and what is missing."""
    about = {"remittance_id": recorded["remittance_id"]}
    (matched,) = await ear.hears("RemittanceMatched", **about)
    assert (matched["amount"], matched["due"], matched["commission"]) == (2 * OWED - 175_000, OWED, 175_000)
    (settled,) = await ear.hears("SalesRemitted", **about)
    assert list(settled["sales"].values()) == [OWED]
    (short,) = await ear.hears("RemittanceShort", **about)
    assert (short["expected"], short["missing"], short["sales"]) == (2 * OWED, 175_000, 1)


async def is_entered_once(world: World, recorded: Json) -> None:
    again = {"amount": 1, "received_on": today().isoformat(), "reference": recorded["reference"]}
    refused = await world.finance.refused(f"/v1/outlets/{OUTLET}/remittances", again)
    assert refused["code"] == "reference_taken" and recorded["remittance_id"] in refused["detail"]


async def is_late(world: World) -> None:
    owed = await world.finance.get(f"/v1/outlets/{OUTLET}/dues")
    assert sum([period["open"] for period in owed["items"]]) == owed["open"] == 2 * OWED
    assert (owed["on_account"], owed["owed"], owed["late"]) == (350_000, 2 * OWED - 350_000, True)
    assert owed["receivable"] == (await world.books.accounts())[f"outlet-receivable {OUTLET}"]
    (late,) = [one for one in await world.finance.every("/v1/dues/late") if one["outlet"] == OUTLET]
    assert (late["open"], late["on_account"]) == (OWED, 350_000)
