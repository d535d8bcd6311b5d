"""What scenarios about loans need: a maker with a cooperative's money, an outlet that pays, a batch that is paid."""

from datetime import date, timedelta

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, today


async def lend(world: World, maker: str, principal: int, months: int, disbursed_on: date | None = None) -> str:
    """A loan without a fee that two have agreed to, and that she was given five weeks ago, or on that day; its id."""
    given = disbursed_on or today() - timedelta(days=35)
    mandate = {"reference": "SK-1", "signed_on": given.isoformat()}
    asked = {"maker_id": maker, "principal": principal, "months": months, "purpose": "wax and cloth"}
    loan = await world.finance.post("/v1/loans", asked | {"service_fee_bps": 0, "mandate": mandate})
    path = f"/v1/loans/{loan['loan_id']}"
    for somebody in (world.finance, world.coordinator):
        await somebody.post(f"{path}/approvals")
    await world.finance.post(f"{path}/disbursement", {"disbursed_on": given.isoformat(), "reference": "TRF-1"})
    return str(loan["loan_id"])


async def remit(world: World, outlet: str, amount: int, reference: str) -> None:
    """The outlet hands over what it owes of all that it has sold."""
    told = {"amount": amount, "received_on": today().isoformat(), "through": today().isoformat()}
    await world.finance.post(f"/v1/outlets/{outlet}/remittances", told | {"reference": reference})


async def pay_out(world: World, cooperative: str) -> Json:
    """The batch after it was frozen, agreed to by two, sent and paid."""
    batch = await world.finance.post("/v1/payouts", {"cooperative": cooperative})
    path = f"/v1/payouts/{batch['payout_id']}"
    for somebody in (world.finance, world.coordinator):
        await somebody.post(f"{path}/approvals")
    paid: Json = await world.finance.post(f"{path}/payment")
    return paid
