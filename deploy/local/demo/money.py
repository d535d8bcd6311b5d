"""Money goes on: outlets remit, a cooperative lends, batches are frozen, agreed to, sent and paid, statements made up.

What is told follows from the plan alone, so that a second run tells the same and is answered the same.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from deploy.local.demo.api import Api, Json, Refused
from deploy.local.demo.audit import Folder, batch_folder
from deploy.local.demo.desk import Desk
from deploy.local.demo.people import RUSUN, Rusun
from deploy.local.demo.places import OUTLETS
from deploy.local.demo.show import Show

REMITTED = {"citos": 100, "pim": 80}
"""What outlets have handed over of what they owe, in per cent; the third one is late."""

WHOLE = 100
THROUGH, RECEIVED_ON = date(2026, 11, 15), date(2026, 11, 18)
MONTH = "2026-11"
BORROWER, FAILED, HELD = 0, 3, 6
"""Makers of the first rusun: one has a loan, one's account turned out to be closed, and nobody knows of one."""

LOAN: Json = {
    "principal": 1_500_000,
    "months": 10,
    "service_fee_bps": 50,
    "purpose": "Kain mori, malam dan canting",
    "mandate": {"reference": "KUASA-2026-017", "signed_on": "2026-10-30"},
}
DISBURSED: Json = {"disbursed_on": "2026-11-02", "reference": "KAS-2026-118"}
NOTHING = "nothing_payable"
DISBURSEMENTS = 1


@dataclass(frozen=True)
class Money:
    """Answers to what was told. `batches`: as they were sent; `told`: how often makers are told of all this."""

    remittances: Sequence[Json]
    loan: Json
    batches: Sequence[Json]
    statements: int
    told: int


@dataclass(frozen=True)
class Round:
    """What all steps of paying out share. `lines`: so many of the file were played; a longer run pays out once more.

    `owed`: by each outlet, less its commission; `makers`: ids in the order of their numbers.
    """

    desk: Desk
    lines: int
    owed: Mapping[str, int]
    makers: Sequence[str]
    folder: Folder

    def once(self, what: str) -> str:
        """The name of a command that is done once in this round."""
        return f"{what}/{self.lines}"


async def pay_out(work: Round, show: Show) -> Money:
    """From the outlets' remittances to the makers' statements."""
    api, makers = work.desk.coordinator, work.makers
    with show.step("outlets that remit, a loan", len(REMITTED) + 1) as done:
        remittances = [await _remit(work, code, work.owed[code] * share // WHOLE) for code, share in REMITTED.items()]
        done(len(REMITTED))
        waiting = await _count_waiting(api, makers)
        loan = await _lend(work.desk, makers[BORROWER])
        done()
    with show.step("payouts through cooperatives", len(RUSUN)) as done:
        batches = []
        for rusun in RUSUN:
            batches += await _pay(work, rusun)
            done()
    published = await api.post("/v1/statements", {"month": MONTH}, work.once(f"statements/{MONTH}"))
    statements = int(published["published"])
    told = waiting + DISBURSEMENTS + _told(batches, makers) + statements
    return Money([one for one in remittances if one], loan, batches, statements, told)


def owed_by_outlets(accounts: Mapping[tuple[str, str | int], int]) -> dict[str, int]:
    """What each owes for what it sold, less what it keeps."""
    kinds = ("outlet-receivable", "outlet-commission")
    return {place.code: sum(accounts.get((kind, place.code), 0) for kind in kinds) for place in OUTLETS}


async def _remit(work: Round, outlet: str, amount: int) -> Json:
    """So much is handed over by now; what a shorter run has handed over is a part of it."""
    api, reference = work.desk.coordinator, f"BANK-{outlet}-{work.lines}"
    earlier: list[Json] = []
    for one in reversed(await api.every("/v1/remittances", outlet=outlet)):  # the oldest first
        if one["reference"] == reference:
            break
        earlier.append(one)
    left = amount - sum(one["amount"] for one in earlier)
    if left <= 0:
        return {}
    remittance = {
        "amount": left,
        "received_on": RECEIVED_ON.isoformat(),
        "through": THROUGH.isoformat(),
        "reference": reference,
    }
    return await api.post(f"/v1/outlets/{outlet}/remittances", remittance, work.once(f"remittance/{outlet}"))


async def _count_waiting(api: Api, makers: Sequence[str]) -> int:
    """Makers who are told that an outlet's money is short. Of one that has handed over nothing nobody is told yet."""
    short = {code for code, share in REMITTED.items() if share < WHOLE}
    lists = await asyncio.gather(*[api.every(f"/v1/makers/{maker_id}/waiting") for maker_id in makers])
    waits = [{sale["outlet"] for sale in sales if not sale["remitted"]} & short for sales in lists]
    return sum(len(outlets) for outlets in waits)


async def _lend(desk: Desk, maker_id: str) -> Json:
    """Two people agree, then her cooperative gives her the money."""
    loan = await desk.coordinator.post("/v1/loans", LOAN | {"maker_id": maker_id}, f"loan/{maker_id}")
    path = f"/v1/loans/{loan['loan_id']}"
    for name, person in desk.both.items():
        await person.post(f"{path}/approvals", {}, f"loan/{maker_id}/{name}")
    return await desk.coordinator.post(f"{path}/disbursement", DISBURSED, f"loan/{maker_id}/disbursed")


async def _pay(work: Round, rusun: Rusun) -> list[Json]:
    """A batch from freezing to its results; none when nothing may be paid yet."""
    desk, api, code = work.desk, work.desk.coordinator, rusun.cooperative
    account = {
        "code": code,
        "name": rusun.cooperative_name,
        "bank": "Bank Jakarta",
        "account_number": f"30100{RUSUN.index(rusun) + 1:05d}",
        "account_name": rusun.cooperative_name,
        "valid_from": THROUGH.isoformat(),
    }
    for name, person in desk.both.items():
        await person.post("/v1/cooperatives", account, f"cooperative/{code}/{name}")
    try:
        frozen = await api.post("/v1/payouts", {"cooperative": code}, work.once(f"payout/{code}"))
    except Refused as refused:
        if refused.code != NOTHING:
            raise
        return []
    path = f"/v1/payouts/{frozen['payout_id']}"
    for name, person in desk.both.items():
        await person.post(f"{path}/approvals", {}, work.once(f"payout/{code}/{name}"))
    sent = await api.post(f"{path}/sending", {}, work.once(f"payout/{code}/sent"))
    folder = batch_folder(sent)
    await asyncio.gather(*[work.folder.keep(api, f"{path}/{name}.csv", f"{folder}/{name}.csv") for name in FILES])
    await _tell(work, path, sent)
    return [sent]


FILES = ("bank", "cooperative")


async def _tell(work: Round, path: str, sent: Json) -> None:
    """What became of each row; what had failed is tried once more, and paid."""
    api, makers, code, rows = work.desk.coordinator, work.makers, sent["cooperative"], sent["rows"]
    results = [{"attempt_key": row["attempt_key"]} | _outcome(row, makers) for row in rows]
    await api.post(f"{path}/results", {"results": results}, work.once(f"payout/{code}/results"))
    failed = [row["maker_id"] for row in rows if row["maker_id"] == makers[FAILED]]
    if not failed:
        return
    again = await api.post(f"{path}/retries", {"maker_ids": failed}, work.once(f"payout/{code}/again"))
    [row] = [row for row in again["rows"] if row["maker_id"] in failed]
    paid = [{"attempt_key": row["attempt_key"], "outcome": "paid"}]
    await api.post(f"{path}/results", {"results": paid}, work.once(f"payout/{code}/again/results"))


def _outcome(row: Json, makers: Sequence[str]) -> Json:
    if row["maker_id"] == makers[FAILED]:
        return {"outcome": "failed", "reason": "account closed"}
    if row["maker_id"] == makers[HELD]:
        return {"outcome": "unknown", "reason": "no answer from the bank"}
    return {"outcome": "paid"}


def _told(batches: Sequence[Json], makers: Sequence[str]) -> int:
    """Of each row that was paid in the end, of one that failed first, and of what was kept back for a loan."""
    rows = [row["maker_id"] for batch in batches for row in batch["rows"] if row["maker_id"]]
    kept = [line for batch in batches for line in batch["lines"] if line["loan"]]
    return len([maker for maker in rows if maker != makers[HELD]]) + rows.count(makers[FAILED]) + len(kept)
