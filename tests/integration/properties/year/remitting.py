"""A year of outlets' money: exact, short, too much, late, for some receipts only, entered wrong."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from shared.contracts.sales.remittances import (
    GetDues,
    Receipt,
    RecordedRemittance,
    RecordRemittance,
    ReverseRemittance,
)
from tests.integration.properties.lab import Lab
from tests.integration.properties.year.batches import Batches
from tests.integration.properties.year.shop import PLACE, WHY
from tests.integration.properties.year.world import OUTLETS

SETTLED_OTHERWISE = """
    SELECT r.cause FROM remitted r
    JOIN sale s ON (s.no, s.outlet) = (r.cause, r.outlet)
    JOIN sale_split p ON p.sale = s.no
    GROUP BY r.cause, r.due HAVING r.due <> sum(p.units * (p.net - p.outlet))
"""
DUE = "SELECT outlet, sum(due)::bigint AS due FROM remitted GROUP BY outlet"


class Remitting(Batches):
    """`entered`: the remittances that stand."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.entered: dict[UUID, RecordedRemittance] = {}

    @rule(code=PLACE, per_cent=st.sampled_from([100, 100, 100, 40, 99, 130]), until=st.sampled_from([0, 0, 5, 40]))
    def an_outlet_remits(self, code: str, per_cent: int, until: int) -> None:
        """All that it owes, or less, or more; `until`: for sales up to so many days ago."""
        owed = self.ask(GetDues(code=code)).owed
        amount = max(1, owed * per_cent // 100)
        self.remit(code, amount, through=self.today - timedelta(days=until))

    @precondition(lambda self: self.sold)
    @rule(data=st.data(), per_cent=st.sampled_from([100, 50]))
    def an_outlet_remits_a_receipt(self, data: st.DataObject, per_cent: int) -> None:
        sale = data.draw(st.sampled_from(self.sold))
        amount = max(1, (sale.quantity * sale.unit_price - sale.discount) * per_cent // 100)
        receipts = [Receipt(till=sale.till, receipt=sale.receipt)]
        self.remit(sale.outlet, amount, through=self.today, receipts=receipts)

    def remit(self, code: str, amount: int, **other: Any) -> None:
        told = {"code": code, "amount": amount, "received_on": self.today, "reference": f"TRF-{self.next()}"}
        recorded = self.ask(RecordRemittance.model_validate(told | other))
        if recorded:
            self.entered[recorded.remittance_id] = recorded
            self.purse.received[code] += recorded.amount
            self.purse.kept[code] += recorded.commission
            self.done["short"] += recorded.missing > 0
            self.done["on account"] += recorded.on_account > 0

    @precondition(lambda self: self.entered)
    @rule(data=st.data())
    def a_remittance_was_entered_wrong(self, data: st.DataObject) -> None:
        self.reverse(data.draw(st.sampled_from(list(self.entered))))

    def reverse(self, remittance_id: UUID) -> None:
        wrong = self.entered[remittance_id]
        if self.ask(ReverseRemittance(remittance_id=wrong.remittance_id, reason=WHY)):
            del self.entered[wrong.remittance_id]
            self.purse.received[wrong.outlet] -= wrong.amount
            self.purse.kept[wrong.outlet] -= wrong.commission

    @invariant()
    def outlets_settle_no_more_than_they_sent(self) -> None:
        """What is settled of a sale is what was owed for it; what is left over is on account."""
        assert not self.lab.run(self.house.fetch(SETTLED_OTHERWISE))
        due = {row["outlet"]: row["due"] for row in self.lab.run(self.house.fetch(DUE))}
        accounts = self.balances()
        for code in OUTLETS:
            dues = self.ask(GetDues(code=code))
            assert dues.on_account == self.purse.received[code] - due.get(code, 0) >= 0, code
            assert dues.receivable == dues.owed + dues.commission_open == accounts[f"outlet-receivable {code}"], code
            assert dues.owed == dues.open - dues.on_account, code
