"""What the demo leaves on disk: with these papers alone somebody can audit what one maker was owed, and got."""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.local.demo.api import Api, Json
from deploy.local.demo.places import OUTLETS

GUIDE = """\
One maker's papers, and the books that they are in. Amounts are whole rupiah. Everything was asked of the gateway;
nothing here is computed by whoever wrote it down.

statement.pdf      what she is handed: opening + lines = closing
statement.json     the same with each line's sale, receipt and shares, what paid it, and the sessions she learnt in
payouts/           each batch: as it was handed to the bank (bank.csv) and to the cooperative (cooperative.csv),
                   as it stands now (payout.json), with who agreed to it and what became of each row, and what her
                   line of it is made of (items.json: the sum of `earned` items is the line's gross)
waiting.json       what is in no batch yet, sale by sale, and why
loan.json          her loan: instalments, what was kept back, what is left
tax.json           her turnover of the year, and what would be due of it
outlets/           agreements, what each outlet owes by period, what it has remitted
trial-balance.json every account; the sum is zero
entries.json       every entry of her account, with the account on the other side

How to follow a rupiah: take a line of statement.json; multiply its pieces by the price; take off the outlet's and the
programme's part by the agreement of its day (outlets/agreements.json); split what is left by the makers' weights. The
receipt's number is that of the till's file. The line's payout is in payouts/, where bank.csv names the attempt that
paid it. What is in none stands in waiting.json. Of the whole: what she earned = what she was paid + what was kept back
for her loan + what is on its way + what waits.

The whole ledger, and whether a single posting of it was touched:

    ./karya ledger export --month 2026-11 --out ledger.csv
    ./karya ledger verify
"""


@dataclass(frozen=True)
class Folder:
    """Where papers are kept."""

    root: Path

    def clear(self) -> None:
        """Papers of another system."""
        shutil.rmtree(self.root, ignore_errors=True)

    async def keep(self, api: Api, path: str, name: str) -> None:
        """As it is now: a paper that has been kept stays as it was."""
        if not (self.root / name).exists():
            self.write(name, await api.file(path))

    def write(self, name: str, content: bytes | str | Json | Sequence[Json]) -> None:
        """Bytes and text as they are, all else as JSON."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False)
            file.write_text(text + "\n", encoding="utf-8")

    def read(self, name: str) -> Any:
        """What was written as JSON."""
        return json.loads((self.root / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Audit:
    """What the papers say of one maker, in rupiah: `earned = paid + kept + on_its_way + waiting - debt`."""

    maker_id: str
    earned: int
    paid: int
    kept: int
    on_its_way: int
    waiting: int
    differences: tuple[str, ...]

    def figures(self) -> dict[str, Any]:
        """For `--json`."""
        parts = ("earned", "paid", "kept", "on_its_way", "waiting")
        return {"maker_id": self.maker_id, **{part: getattr(self, part) for part in parts}}


async def collect(api: Api, maker_id: str, loan: str, folder: Folder) -> None:
    """Asks for all papers and writes them down."""
    maker = f"/v1/makers/{maker_id}"
    account: Mapping[str, str] = {"account_kind": "maker-payable", "account_owner": maker_id}
    waiting, tax, paper = await asyncio.gather(
        api.every(f"{maker}/waiting"), api.get(f"{maker}/tax", year=2026), api.file(f"{maker}/statement.pdf")
    )
    folder.write("README.txt", GUIDE)
    folder.write("statement.pdf", paper)
    folder.write("statement.json", json.loads(await api.file(f"{maker}/statement.json")))
    folder.write("waiting.json", waiting)
    folder.write("tax.json", tax)
    folder.write("loan.json", await api.get(f"/v1/loans/{loan}"))
    folder.write("entries.json", await api.every("/v1/ledger/entries", **account))
    folder.write("trial-balance.json", await api.get("/v1/ledger/trial-balance"))
    folder.write("outlets/agreements.json", await api.every("/v1/outlets"))
    for place in OUTLETS:
        folder.write(f"outlets/{place.code}-dues.json", await api.every(f"/v1/outlets/{place.code}/dues"))
    folder.write("outlets/remittances.json", await api.every("/v1/remittances"))
    for batch in await api.every("/v1/payouts"):
        await _collect_batch(api, maker_id, batch["payout_id"], folder)


async def _collect_batch(api: Api, maker_id: str, payout_id: str, folder: Folder) -> None:
    payout = await api.get(f"/v1/payouts/{payout_id}")
    folder.write(batch_paper(payout), payout)
    if any(line["maker_id"] == maker_id for line in payout["lines"]):
        items = await api.every(f"/v1/payouts/{payout_id}/lines/{maker_id}")
        folder.write(f"{batch_folder(payout)}/items.json", items)


def batch_folder(payout: Json) -> str:
    """Where the papers of a batch are."""
    return f"payouts/{payout['cooperative']}-{str(payout['payout_id'])[:8]}"


def batch_paper(payout: Json) -> str:
    """Where a batch is kept, as it stands now."""
    return f"{batch_folder(payout)}/payout.json"


def audit(folder: Folder, maker_id: str, earned: int) -> Audit:
    """From the papers alone. `earned`: what the till file gives her, counted by another program."""
    entries, batches = folder.read("entries.json"), list(_batches(folder))
    sums = {kind: sum(_signed(entry, maker_id) for entry in entries if entry["kind"] in kinds) for kind, kinds in SIDES}
    lines = [(batch, line) for batch in batches for line in batch["lines"] if line["maker_id"] == maker_id]
    states = {batch["payout_id"]: _state(batch, maker_id) for batch in batches}
    pending = sum(line["amount"] for batch, line in lines if states[batch["payout_id"]] != "paid")
    waiting = sum(sale["amount"] for sale in folder.read("waiting.json"))
    statement = folder.read("statement.json")
    found = Audit(maker_id, sums["sales"], -sums["paid"], -sums["kept"], pending, waiting, ())
    told = [
        ("she earned by the till file", earned, sums["sales"]),
        ("her statement's balance", statement["balance"], sum(sums.values())),
        ("earned, less paid, kept and on its way", waiting, found.earned - found.paid - found.kept - pending),
        *[(f"items of {batch['cooperative']}", _items(folder, batch), line["gross"]) for batch, line in lines],
    ]
    differences = tuple([f"audit: {what}: {one:,}, and {other:,}" for what, one, other in told if one != other])
    return replace(found, differences=differences)


SIDES = (("sales", ("sale", "return", "void")), ("paid", ("payout",)), ("kept", ("repayment", "service-fee")))
"""What moves a maker's account, by what it means to her."""


def _batches(folder: Folder) -> Sequence[Json]:
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.root.glob("payouts/*/payout.json"))]


def _state(batch: Json, maker_id: str) -> str:
    return next((str(row["state"]) for row in batch["rows"] if row["maker_id"] == maker_id), "")


def _items(folder: Folder, batch: Json) -> int:
    items = folder.read(f"{batch_folder(batch)}/items.json")
    return sum(item["amount"] for item in items if item["earned"])


def _signed(entry: Json, maker_id: str) -> int:
    """What it gives her; below 0 what it takes."""
    hers = (entry["credit_kind"], entry["credit_owner"]) == ("maker-payable", maker_id)
    return int(entry["amount"]) if hers else -int(entry["amount"])
