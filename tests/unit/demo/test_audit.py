"""One maker's papers are audited as they lie there: whatever does not tie out is named."""

from pathlib import Path
from typing import Any

import pytest

from deploy.local.demo.audit import Folder, audit

SITI = "siti"
EARNED, LATER = 455_000, 100_000


def entry(kind: str, amount: int) -> dict[str, Any]:
    hers, other = {"kind": "maker-payable", "owner": SITI}, {"kind": "bank", "owner": "programme"}
    debit, credit = (hers, other) if amount < 0 else (other, hers)
    return {
        "kind": kind,
        "amount": abs(amount),
        "debit_kind": debit["kind"],
        "debit_owner": debit["owner"],
        "credit_kind": credit["kind"],
        "credit_owner": credit["owner"],
    }


def papers(root: Path, **other: Any) -> Folder:
    """She sold for 555.000; of 455.000 she was paid 364.000, 91.000 went into her loan; 100.000 wait."""
    entries = [entry("sale", EARNED), entry("sale", LATER), entry("repayment", -91_000), entry("payout", -364_000)]
    line = {"maker_id": SITI, "gross": EARNED, "amount": 364_000}
    batch = {
        "payout_id": "batch-1",
        "cooperative": "kop",
        "lines": [line],
        "rows": [{"maker_id": SITI, "state": "paid"}],
    }
    folder = Folder(root)
    folder.write("entries.json", other.get("entries", entries))
    folder.write("payouts/kop-batch-1/payout.json", batch)
    folder.write("payouts/kop-batch-1/items.json", other.get("items", [{"amount": EARNED, "earned": True}]))
    folder.write("waiting.json", other.get("waiting", [{"amount": LATER}]))
    folder.write("statement.json", {"balance": other.get("balance", LATER)})
    return folder


def test_papers_that_tie_out(tmp_path: Path) -> None:
    found = audit(papers(tmp_path), SITI, EARNED + LATER)
    assert found.differences == ()
    assert (found.earned, found.paid, found.kept, found.waiting) == (555_000, 364_000, 91_000, 100_000)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"waiting": []}, "paid, kept and on its way"),
        ({"items": [{"amount": 1, "earned": True}]}, "items of kop"),
        ({"balance": 1}, "statement's balance"),
        ({"entries": [entry("sale", LATER)]}, "by the till file"),
    ],
)
def test_what_does_not_tie_out_is_named(tmp_path: Path, wrong: dict[str, Any], what: str) -> None:
    found = audit(papers(tmp_path, **wrong), SITI, EARNED + LATER)
    assert any(what in difference for difference in found.differences)


def test_a_paper_that_was_kept_stays_as_it_was(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "papers")
    folder.write("bank.csv", b"first")
    folder.write("notes/why.txt", "because")
    assert (folder.root / "bank.csv").read_bytes() == b"first"
    assert (folder.root / "notes/why.txt").read_text() == "because\n"
    folder.clear()
    assert not folder.root.exists()
