"""What papers of remittances, loans and payouts say that accounts have moved: the worked example of the money rules."""

from typing import Any

from deploy.local.demo.settled import count_settled, paid_out

REMITTANCE: dict[str, Any] = {"outlet": "pim", "amount": 525_000, "reversal": None}
DUES = [{"commission": 175_000, "commission_open": 0}, {"commission": 90_000, "commission_open": 90_000}]
LOAN: dict[str, Any] = {
    "loan_id": "loan-1",
    "maker_id": "siti",
    "lender": "kop-lama",
    "disbursed_on": "2026-11-02",
    "principal": 1_000_000,
    "repayments": [{"principal": 86_000, "service": 5_000, "payout_id": "batch-1"}],
}
BATCH: dict[str, Any] = {
    "payout_id": "batch-1",
    "rows": [
        {"maker_id": "siti", "lender": None, "amount": 364_000, "state": "paid"},
        {"maker_id": None, "lender": "kop-lama", "amount": 91_000, "state": "paid"},
    ],
}


class Papers:
    """An API that holds one loan and one batch."""

    def __init__(self, loan: dict[str, Any] = LOAN, batch: dict[str, Any] = BATCH) -> None:
        self._papers = {"/v1/loans/loan-1": loan, "/v1/payouts/batch-1": batch}

    async def every(self, path: str) -> list[dict[str, Any]]:
        lists: dict[str, list[dict[str, Any]]] = {
            "/v1/loans": [{"loan_id": "loan-1"}],
            "/v1/payouts": [{"payout_id": "batch-1"}],
            "/v1/remittances": [REMITTANCE, REMITTANCE | {"amount": 1, "reversal": {"reason": "entered wrong"}}],
            "/v1/outlets/pim/dues": DUES,
        }
        return lists[path]

    async def get(self, path: str) -> dict[str, Any]:
        return self._papers[path]


async def counted(papers: Papers) -> dict[tuple[str, str], int]:
    moved: Any = await count_settled(papers)  # type: ignore[arg-type]
    return {account: amount for account, amount in moved.items() if amount}


async def test_the_worked_example_leaves_the_loan_less_and_the_bank_with_the_programmes_part() -> None:
    moved = await counted(Papers())
    assert moved == {
        ("bank", "programme"): 525_000 - 455_000,
        ("outlet-receivable", "pim"): -700_000,
        ("outlet-commission", "pim"): 175_000,
        ("maker-payable", "siti"): 455_000,
        ("loan-receivable", "siti"): 1_000_000 - 86_000,
        ("loan-capital", "kop-lama"): -1_000_000 + 86_000,
    }
    assert sum(moved.values()) == 0
    assert paid_out(moved) == 455_000


async def test_what_is_held_has_moved_nothing_and_its_loan_has() -> None:
    held = [dict(row, state="held") for row in BATCH["rows"]]
    moved = await counted(Papers(batch=BATCH | {"rows": held}))
    assert ("bank", "programme") in moved and moved["bank", "programme"] == 525_000
    assert moved["maker-payable", "siti"] == 91_000
    assert moved["cooperative-payable", "kop-lama"] == -91_000


async def test_what_she_paid_herself_touches_nothing_that_she_is_owed() -> None:
    cash = LOAN | {"repayments": [{"principal": 50_000, "service": 0, "payout_id": None}]}
    moved = await counted(Papers(loan=cash, batch=BATCH | {"rows": []}))
    assert ("maker-payable", "siti") not in moved
    assert moved["loan-receivable", "siti"] == 950_000
