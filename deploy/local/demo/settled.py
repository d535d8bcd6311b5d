"""What remittances, loans and payouts have moved between the accounts, counted from their papers.

Like the books of the till file, by nothing that the system uses: the written rules alone.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

from deploy.local.demo.api import Api, Json

Account = tuple[str, str]
PROGRAMME = "programme"


async def count_settled(api: Api) -> Counter[Account]:
    """(kind, owner) to balance in rupiah, debit positive."""
    remittances, batches, loans = await asyncio.gather(
        api.every("/v1/remittances"), _whole(api, "payouts", "payout_id"), _whole(api, "loans", "loan_id")
    )
    moved: Counter[Account] = Counter()
    for one in remittances:
        _remitted(moved, one)
    for outlet in {one["outlet"] for one in remittances}:
        _kept_by(moved, outlet, await api.every(f"/v1/outlets/{outlet}/dues"))
    for loan in loans:
        _lent(moved, loan)
    for batch in batches:
        _paid(moved, batch)
    for loan in loans:
        _kept(moved, loan, loan["lender"])
    return moved


async def _whole(api: Api, what: str, key: str) -> list[Json]:
    heads = await api.every(f"/v1/{what}")
    return await asyncio.gather(*[api.get(f"/v1/{what}/{head[key]}") for head in heads])


def _move(moved: Counter[Account], debit: Account, credit: Account, amount: int) -> None:
    moved[debit] += amount
    moved[credit] -= amount


def _remitted(moved: Counter[Account], remittance: Json) -> None:
    if not remittance["reversal"]:
        _move(moved, ("bank", PROGRAMME), ("outlet-receivable", remittance["outlet"]), remittance["amount"])


def _kept_by(moved: Counter[Account], outlet: str, periods: Sequence[Json]) -> None:
    """The commission of what is settled: all of it, but for what is still open."""
    kept = sum(period["commission"] - period["commission_open"] for period in periods)
    _move(moved, ("outlet-commission", outlet), ("outlet-receivable", outlet), kept)


def _lent(moved: Counter[Account], loan: Json) -> None:
    if loan["disbursed_on"]:
        lender = ("loan-capital", loan["lender"])
        _move(moved, ("loan-receivable", loan["maker_id"]), lender, loan["principal"])


def _kept(moved: Counter[Account], loan: Json, lender: str) -> None:
    """Out of what she is owed, to the account of her lender."""
    payable, clearing = ("maker-payable", loan["maker_id"]), ("cooperative-payable", lender)
    for one in loan["repayments"]:
        if one["payout_id"]:
            _move(moved, payable, ("loan-receivable", loan["maker_id"]), one["principal"])
            _move(moved, ("loan-capital", lender), clearing, one["principal"])
            _move(moved, payable, clearing, one["service"])
        else:
            _move(moved, ("loan-capital", lender), ("loan-receivable", loan["maker_id"]), one["principal"])


def _paid(moved: Counter[Account], batch: Json) -> None:
    """Through the batch's cooperative, and lenders straight from the bank."""
    for row in batch["rows"]:
        if row["state"] == "paid":
            whose = ("maker-payable", row["maker_id"]) if row["maker_id"] else ("cooperative-payable", row["lender"])
            _move(moved, whose, ("bank", PROGRAMME), row["amount"])


def paid_out(moved: Mapping[Account, int]) -> int:
    """What is no longer owed to makers: they have it, or it was kept back for their loans."""
    return sum(amount for (kind, _), amount in moved.items() if kind == "maker-payable")
