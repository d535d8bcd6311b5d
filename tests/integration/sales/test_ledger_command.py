"""`./karya ledger`: what an accountant and an operator do with the books."""

import asyncio
import csv
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.local.__main__ import build
from services.sales.views.export import HEADER, Totals, add_up
from services.sales.views.seals import list_seals
from shared import db
from shared.contracts.sales.books import ListSeals
from tests.conftest import MakeDatabase
from tests.integration.sales.builders import NOON, POUCH, a_return, a_sale, do, open_shop, report
from tests.integration.sales.closing import OCTOBER, close, list_entries, movements
from tests.integration.sales.settling import pay_out

HASHED = (
    "entry_id", "booked", "business_day", "kind", "debit_kind", "debit_owner", "credit_kind", "credit_owner", "amount",
    "recorded_at", "cause",
)  # fmt: skip
"""The columns whose text is sealed."""

BOOKS = Path(__file__).parents[3] / "docs" / "books.md"


class Desk:
    """A sales database, and the command that is run on it."""

    def __init__(self, url: str, pool: db.Pool) -> None:
        self.url, self.pool = url, pool

    async def run(self, *arguments: str) -> Result:
        call: Callable[[], Result] = lambda: CliRunner().invoke(  # noqa: E731 - in a thread that has no loop
            build(["ledger"]), ["ledger", *arguments, "--database-url", self.url]
        )
        return await asyncio.to_thread(call)


@pytest.fixture
async def desk(make_database: MakeDatabase) -> Desk:
    """October is closed; something was late for it, and November has sales, a return and a payout."""
    url = await make_database("sales")
    pool = await db.open_pool(url, "tests", size=2)
    await open_shop(pool)
    await report(pool, a_sale(receipt="october", sold_at=OCTOBER))
    await close(pool)
    await report(pool, a_sale(receipt="late", sold_at=OCTOBER), a_sale(sku=POUCH, quantity=3, unit_price=349_900))
    await pay_out(pool)
    await report(pool, a_return(sku=POUCH), a_sale(receipt="=1+1", line=2))
    return Desk(url, pool)


async def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


async def test_a_month_is_exported_with_totals_that_tie_out(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "november.csv"
    done = await desk.run("export", "--month", "2026-11", "--out", str(out))
    assert done.exit_code == 0, done.output
    *lines, total = await read(out)
    figures = await movements(desk.pool, "2026-11")
    assert (total["entry_id"], total["booked"], int(total["amount"])) == ("total", "2026-11", figures.debit)
    assert int(total["cause"]) == len(lines)
    assert f"{len(lines):,} entries, Rp{figures.debit:,} on each side" in done.output
    assert sum([int(line["amount"]) for line in lines]) == figures.debit
    assert {line["receipt"] for line in lines if line["booked"] == "2026-11-01"} == {"late"}
    assert "october" not in {line["receipt"] for line in lines}
    assert "'=1+1" in {line["receipt"] for line in lines}, "no spreadsheet takes it for a formula"


async def test_the_file_has_the_columns_and_values_that_the_list_of_entries_has(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "november.csv"
    await desk.run("export", "--month", "2026-11", "--out", str(out))
    lines = (await read(out))[:-1]
    listed = [one for one in await list_entries(desk.pool) if one.booked >= NOON.date().replace(day=1)]
    assert [int(line["entry_id"]) for line in lines] == [one.id for one in listed]
    for line, one in zip(lines, listed, strict=True):
        told = one.model_dump(mode="json")
        told["entry_id"], told["business_day"] = told.pop("id"), told.pop("day")
        told["recorded_at"] = f"{one.recorded_at:%Y-%m-%dT%H:%M:%S.%fZ}"
        told["receipt"] = told["receipt"] and told["receipt"].replace("=1+1", "'=1+1")
        assert line == {name: "" if told[name] is None else str(told[name]) for name in HEADER}


async def test_an_empty_month_is_a_file_with_nothing_but_its_total(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "july.csv"
    assert (await desk.run("export", "--month", "2026-07", "--out", str(out))).exit_code == 0
    (total,) = await read(out)
    assert (total["entry_id"], total["amount"], total["cause"]) == ("total", "0", "0")


async def test_what_is_no_month_is_refused(desk: Desk, tmp_path: Path) -> None:
    done = await desk.run("export", "--month", "2026-13", "--out", str(tmp_path / "no.csv"))
    assert done.exit_code != 0
    assert "2026-13 is not a month" in str(done.exception)


def test_the_columns_are_published_as_they_are() -> None:
    told = re.findall(r"^\| `(\w+)` \|", BOOKS.read_text().partition("## The export")[2], flags=re.MULTILINE)
    assert told == HEADER


def test_a_file_is_added_up_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text('entry_id,receipt,amount\n1,"a,\nb",5\n2,,7\n')
    assert add_up(path) == Totals(2, 12)


async def test_books_are_sealed_and_verified(desk: Desk) -> None:
    sealed = await desk.run("seal")
    assert sealed.exit_code == 0, sealed.output
    (said,) = re.findall(r"Seal 1 of \d{4}-\d{2}-\d{2}: ([0-9a-f]{64})", sealed.output)
    verified = await desk.run("verify", "--noted", said)
    assert verified.exit_code == 0, verified.output
    assert "0 are not sealed yet" in verified.output
    assert said in verified.output
    foreign = await desk.run("verify", "--noted", "ab" * 32)
    assert foreign.exit_code == 1
    assert "in no seal" in foreign.output


async def test_a_seal_can_be_reckoned_from_the_files_alone(desk: Desk, tmp_path: Path) -> None:
    """As docs/books.md says it, by somebody who has nothing but the months' files and the list of seals."""
    await desk.run("seal")
    lines: dict[int, dict[str, str]] = {}
    for month in ("2026-10", "2026-11"):
        out = tmp_path / f"{month}.csv"
        await desk.run("export", "--month", month, "--out", str(out))
        lines |= {int(line["entry_id"]): line for line in (await read(out))[:-1]}
    text = "\n".join(["|".join([lines[number][name] for name in HASHED]) for number in sorted(lines)])
    digest = hashlib.sha256(text.encode()).hexdigest()
    amount = sum([int(line["amount"]) for line in lines.values()])
    [seal] = (await do(desk.pool, list_seals, ListSeals())).items
    said = f"\n{seal.no}|{seal.day}|{seal.upto}|{len(lines)}|{amount}\n0|{len(lines)}|{amount}|{digest}"
    assert seal.hash == hashlib.sha256(bytes(32) + said.encode()).hexdigest()


async def test_whoever_edits_the_books_is_found_by_day(desk: Desk) -> None:
    await desk.run("seal")
    day = await desk.pool.fetchval("SELECT day FROM ledger_seal")
    async with desk.pool.acquire() as tx, tx.transaction():
        await tx.execute("ALTER TABLE transfer DISABLE TRIGGER USER")
        await tx.execute("UPDATE transfer SET amount = amount + 1 WHERE id = 2")
        await tx.execute("ALTER TABLE transfer ENABLE TRIGGER USER")
    done = await desk.run("verify")
    assert done.exit_code == 1
    assert f"The first that does not match is of {day}." in done.output
    assert f"{day} (seal 1): changed: among the entries 0 to 9999, which come to +1 rupiah" in done.output
    assert "2026-10: the figures of 2 accounts are not the sum of what is booked" in done.output


async def test_a_ledger_without_entries_is_not_sealed(make_database: MakeDatabase) -> None:
    url = await make_database("sales")
    desk = Desk(url, await db.open_pool(url, "tests", size=1))
    assert "Nothing is posted yet." in (await desk.run("seal")).output
    assert (await desk.run("verify")).exit_code == 0


async def test_a_ledger_that_is_away_is_said_to_be(make_database: MakeDatabase) -> None:
    url = await make_database("sales")
    desk = Desk(url + "_gone", await db.open_pool(url, "tests", size=1))
    done = await desk.run("verify")
    assert done.exit_code != 0
    assert "the ledger cannot be reached" in str(done.exception)
