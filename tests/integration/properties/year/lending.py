"""A year of loans: applied for, given up, disbursed, kept back from sales, paid back in cash."""

from collections import Counter
from datetime import date
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from shared.contracts.sales.loans import (
    ApplyForLoan,
    ApproveLoan,
    CancelLoan,
    DisburseLoan,
    GetLoan,
    Loan,
    RepayLoan,
    SignedMandate,
)
from shared.contracts.sales.settlement import Payout, PayoutLine
from tests.integration.properties.lab import Lab
from tests.integration.properties.year.remitting import Remitting
from tests.integration.properties.year.shop import BUDI, RINI, WHY
from tests.integration.properties.year.world import MAKERS

PAID_OF_THE_MONTH = """
    SELECT coalesce(sum(l.amount), 0)::bigint AS amount FROM payout_line l JOIN payout p ON p.no = l.payout
    WHERE l.maker_id = $1 AND date_trunc('month', p.day) = date_trunc('month', $2::date)
      AND NOT EXISTS (SELECT FROM settlement_step WHERE fact = p.no AND state = 'cancelled')
"""


class Lending(Remitting):
    """`loans`: those that were applied for, as they were last seen."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.loans: dict[UUID, Loan] = {}

    @rule(
        maker=st.sampled_from(MAKERS),
        principal=st.sampled_from([60_000, 1_000_000, 999_999]),
        months=st.sampled_from([1, 3, 7]),
        bps=st.sampled_from([0, 100, 333]),
        floor=st.sampled_from([0, 0, 300_000]),
        then=st.sampled_from(["disbursed", "disbursed", "disbursed", "cancelled", "applied"]),
    )
    def a_maker_borrows(self, maker: UUID, principal: int, months: int, bps: int, floor: int, then: str) -> None:
        signed = SignedMandate(reference="M-1", signed_on=self.today)
        applied = self.ask(
            ApplyForLoan(
                maker_id=maker,
                principal=principal,
                months=months,
                purpose=WHY,
                service_fee_bps=bps,
                floor_income=floor,
                mandate=signed,
            )
        )
        if applied:
            self.loans[applied.loan_id] = applied
            self.carry_on(applied, then)

    def carry_on(self, loan: Loan, then: str) -> None:
        if then == "cancelled":
            self.keep(self.ask(CancelLoan(loan_id=loan.loan_id, reason=WHY)))
        if then == "disbursed":
            for person in (RINI, BUDI):
                self.ask(ApproveLoan(loan_id=loan.loan_id), person)
            self.keep(self.ask(DisburseLoan(loan_id=loan.loan_id, disbursed_on=self.today, reference="D-1")))

    def keep(self, loan: Loan | None) -> None:
        if loan:
            self.loans[loan.loan_id] = loan

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), amount=st.sampled_from([1, 20_000, 1_000_000]))
    def she_pays_her_lender_herself(self, data: st.DataObject, amount: int) -> None:
        self.she_pays(data.draw(st.sampled_from(list(self.loans))), amount)

    def she_pays(self, loan_id: UUID, amount: int) -> None:
        self.keep(
            self.ask(RepayLoan(loan_id=loan_id, amount=amount, paid_on=self.today, reference=f"CASH-{self.next()}"))
        )

    def see_frozen(self, batch: Payout, before: dict[UUID, Loan]) -> None:
        """What is kept back for a loan is within every limit."""
        for line in batch.lines:
            if line.loan:
                self.done["loan kept"] += 1
                self.check_kept(line, before[line.maker_id], batch.day)

    def check_kept(self, line: PayoutLine, loan: Loan, day: date) -> None:
        payable = line.gross - line.recovery
        assert line.loan <= payable * loan.deduction_bps // 10_000
        assert line.loan <= max(0, line.remitted - line.recovery)
        assert line.loan <= loan.outstanding
        assert line.loan <= loan.due + loan.arrears
        rows = self.lab.run(self.house.fetch(PAID_OF_THE_MONTH, line.maker_id, day))
        assert rows[0]["amount"] >= loan.floor_income

    def open_loans(self) -> dict[UUID, Loan]:
        """By maker, as they are now: one at most."""
        now = [self.ask(GetLoan(loan_id=loan_id)) for loan_id in self.loans]
        return {loan.maker_id: loan for loan in now if loan.state == "disbursed"}

    @invariant()
    def what_is_lent_is_owed_until_it_is_repaid(self) -> None:
        """Loans as they are shown, against the accounts; what was kept back against what batches say."""
        owed, kept = Counter[UUID](), Counter[UUID]()
        for loan_id in self.loans:
            loan: Loan = self.ask(GetLoan(loan_id=loan_id))
            assert loan.repaid + loan.pending + loan.outstanding == loan.principal + loan.service
            assert sum([one.principal + one.service for one in loan.repayments]) == loan.repaid
            assert sum([one.principal for one in loan.schedule]) == loan.principal
            assert sum([one.service for one in loan.schedule]) == loan.service
            assert (loan.state == "closed") == (loan.repaid == loan.principal + loan.service)
            if loan.disbursed_on:
                owed[loan.maker_id] += loan.principal - sum([one.principal for one in loan.repayments])
            of_batches = [one.principal + one.service for one in loan.repayments if one.payout_id]
            kept[loan.maker_id] += sum(of_batches)
        accounts = self.balances()
        for maker in MAKERS:
            assert accounts.get(f"loan-receivable {maker}", 0) == owed[maker], maker
            assert kept[maker] == self.purse.kept_for_loans[maker], maker
        capital = [amount for name, amount in accounts.items() if name.startswith("loan-capital")]
        assert sum(capital) == -sum(owed.values())
