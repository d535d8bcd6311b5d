"""What the demo came to: the figures that programs read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.demo.api import Json
from deploy.local.demo.audit import Audit
from deploy.local.demo.check import Verdict, maker_payable
from deploy.local.demo.closings import TillDay
from deploy.local.demo.money import Money
from deploy.local.demo.programme import Programme
from deploy.local.demo.settle import PLACES
from deploy.local.demo.settled import Account, paid_out


@dataclass(frozen=True)
class Outcome:
    """One run of the demo. `names`: makers' names by id. `already_played`: all of it was there, nothing was sent.

    `batches`: as they are now, by id; `settled`: what remittances, loans and payouts have moved; `papers`: where those
    of the audited maker are.
    """

    plan: Programme
    verdict: Verdict
    money: Money
    batches: Mapping[str, Json]
    settled: Mapping[Account, int]
    audit: Audit
    papers: Path
    reports_sent: int
    feed: Json
    trial_balance: Json
    notices: Json
    notices_expected: int
    closings: Mapping[TillDay, str]
    programme: Json
    names: Mapping[str, str]
    already_played: bool
    gateway_url: str
    coordinator_key: str

    @property
    def agree(self) -> bool:
        """Whether the books are those of the till file and of the papers, and the audited maker's papers tie out."""
        return self.verdict.agree and not self.audit.differences

    @property
    def best_maker(self) -> str:
        """The id of the maker who earned most."""
        top = self.feed["top_makers"]
        return str(top[0]["maker_id"]) if top else "MAKER_ID"

    def figures(self, seconds: float, steps: dict[str, float]) -> dict[str, Any]:
        """For `--json`."""
        return {
            "reports_sent": self.reports_sent,
            **{place: self.feed[place] for place in PLACES},
            "parked_by_code": self.feed["parked_by_code"],
            "ledger_sum": self.trial_balance["ledger_sum"],
            "maker_payable": maker_payable(self.trial_balance),
            "makers_earned": maker_payable(self.trial_balance) + paid_out(self.settled),
            "net_sold": self.feed["net_sold"],
            "net_returned": self.feed["net_returned"],
            "units_sold": self.feed["units_sold"],
            "units_returned": self.feed["units_returned"],
            "deficits": self.feed["deficits"],
            "closings": dict(Counter(self.closings.values())),
            "notices": self.notices["total"],
            "notices_expected": self.notices_expected,
            "notices_by_state": self.notices["by_state"],
            "books_agree": self.agree,
            "differences": [*self.verdict.differences, *self.audit.differences],
            "balances_sha256": self.verdict.digest,
            "programme": self.programme,
            "settlement": self._settlement(),
            "already_played": self.already_played,
            "seconds": round(seconds, 1),
            "seconds_by_step": steps,
            "gateway_url": self.gateway_url,
        }

    def _settlement(self) -> dict[str, Any]:
        rows = [row for batch in self.money.batches for row in batch["rows"]]
        return {
            "remitted": sum(one["amount"] for one in self.money.remittances),
            "batches": len(self.money.batches),
            "rows": len(rows),
            "sent": sum(row["amount"] for row in rows),
            "statements": self.money.statements,
            "audit": self.audit.figures(),
            "papers": str(self.papers),
        }
