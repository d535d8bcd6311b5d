"""What scenarios about paying need: makers who have earned something together, a batch that is sent, and its files."""

import csv
import io

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, wib

HERS = 525_000
"""Of 700.000 at Citos: 15 % are the outlet's, 10 % the programme's."""


async def sellers(world: World, rusun: str, receipts: list[str]) -> list[str]:
    """Makers of one rusun, each with a piece sold; their ids."""
    till = await world.till("citos")
    makers = []
    for receipt in receipts:
        makers.append(await world.maker(rusun))
        sku = await world.product(makers[-1])
        await world.deliver("citos", {sku: 1})
        await world.report(till, till.sale(receipt, sku, 700_000, wib(2, "10:00")))
    return makers


async def has_account(world: World, cooperative: str) -> None:
    account = {"bank": "Bank DKI", "account_number": "10020030040", "account_name": f"Koperasi {cooperative}"}
    named = {"code": cooperative, "name": f"Koperasi {cooperative}", "valid_from": "2020-01-01"}
    for somebody in (world.finance, world.coordinator):
        await somebody.post("/v1/cooperatives", named | account)


async def send(world: World, cooperative: str) -> str:
    """The path of a batch that was frozen, agreed to by two and sent."""
    batch = await world.finance.post("/v1/payouts", {"cooperative": cooperative})
    path = f"/v1/payouts/{batch['payout_id']}"
    for somebody in (world.finance, world.coordinator):
        await somebody.post(f"{path}/approvals")
    await world.finance.post(f"{path}/sending")
    return path


async def rows_of(world: World, path: str) -> dict[str, Json]:
    """The batch's rows by who is paid."""
    batch = await world.finance.get(path)
    return {row["maker_id"] or row["lender"]: row for row in batch["rows"]}


async def table(world: World, path: str) -> list[dict[str, str]]:
    """A file's rows; the last one is the total."""
    text = (await world.finance.file(path)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def hear(world: World, path: str, **outcomes: Json) -> Json:
    """The bank says what became of rows."""
    results = [{"attempt_key": row["attempt_key"], "outcome": outcome} for outcome, row in outcomes.items()]
    heard: Json = await world.finance.post(f"{path}/results", {"results": results})
    return heard
