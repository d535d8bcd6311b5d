"""A year of payments: sent, paid, failed, not known, tried again, and told of twice."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shared.contracts.sales.paying import PayoutResults, RecordResults, RetryRows, RowResult, SendPayout
from shared.contracts.sales.remittances import GetDues
from shared.contracts.sales.rows import PayoutRow
from shared.contracts.sales.settlement import GetPayout, Payout, RecordPaid
from tests.integration.properties.lab import Lab
from tests.integration.properties.year.batches import COOPERATIVE
from tests.integration.properties.year.lending import Lending
from tests.integration.properties.year.shop import A_LINE, BUDI, PLACE, RINI
from tests.integration.properties.year.world import COOPERATIVES, OUTLETS

OUTCOMES = st.lists(st.sampled_from(["paid", "paid", "failed", "unknown"]), min_size=5, max_size=5)


class Payee(NamedTuple):
    payout_id: UUID
    who: UUID | str


class Paying(Lending):
    """`keys`: every attempt that was ever made, with whom it is for. `paid`: who was paid, by batch: nobody twice."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.keys: dict[str, Payee] = {}
        self.paid: set[Payee] = set()

    @rule(cooperative=COOPERATIVE)
    def makers_are_paid(self, cooperative: str) -> None:
        """Without anything going wrong."""
        if batch := self.freeze(cooperative):
            self.agree(batch.payout_id, RINI, BUDI)
            self.send(batch.payout_id)
            self.pay_all(batch.payout_id)

    @rule(lines=st.lists(st.tuples(PLACE, A_LINE), min_size=2, max_size=5))
    def a_month_goes_well(self, lines: Sequence[Any]) -> None:
        """Outlets sell, and remit all that they owe; makers are paid."""
        self.trade(lines)
        self.time_passes(31)
        for code in OUTLETS:
            if (owed := self.ask(GetDues(code=code)).owed) > 0:
                self.remit(code, owed, through=self.today)
        for cooperative in COOPERATIVES:
            self.makers_are_paid(cooperative)

    @rule(cooperative=COOPERATIVE)
    def a_batch_is_on_its_way(self, cooperative: str) -> None:
        if batch := self.freeze(cooperative):
            self.agree(batch.payout_id, RINI, BUDI)
            self.send(batch.payout_id)

    def freeze(self, cooperative: str) -> Payout | None:
        before = self.open_loans()
        batch = super().freeze(cooperative)
        if batch:
            self.see_frozen(batch, before)
        return batch

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def a_batch_is_sent(self, data: st.DataObject) -> None:
        self.send(self.a_batch(data))

    def send(self, payout_id: UUID) -> None:
        """What it repays of loans is posted with it: the lender is to be paid that."""
        sent = self.ask(SendPayout(payout_id=payout_id))
        if sent:
            self.see_sent(sent)

    def see_sent(self, batch: Payout) -> None:
        self.see_keys(batch)
        for line in batch.lines:
            self.purse.kept_for_loans[line.maker_id] += line.loan
        of_lenders = {row.lender: row.amount for row in batch.rows if row.lender}
        assert sum(of_lenders.values()) == sum([line.loan for line in batch.lines])
        assert {row.maker_id: row.amount for row in batch.rows if row.maker_id} == {
            line.maker_id: line.amount for line in batch.lines
        }
        self.purse.lenders += sum(of_lenders.values())

    def see_keys(self, batch: Payout) -> None:
        self.see(batch)
        for row in batch.rows:
            self.keys[row.attempt_key] = payee_of(batch.payout_id, row)

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def the_whole_batch_is_paid(self, data: st.DataObject) -> None:
        """Whatever of it is pending."""
        self.pay_all(self.a_batch(data))

    def pay_all(self, payout_id: UUID) -> None:
        before = self.ask(GetPayout(payout_id=payout_id))
        now = self.ask(RecordPaid(payout_id=payout_id))
        if now:
            if not before.rows:
                self.see_sent(now)
            self.see(now)
            was_paid = {row.attempt_key for row in before.rows if row.state == "paid"}
            for row in now.rows:
                if row.state == "paid" and row.attempt_key not in was_paid:
                    self.book(payee_of(payout_id, row), row.amount)

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), outcomes=OUTCOMES, some=st.booleans())
    def results_come(self, data: st.DataObject, outcomes: Sequence[str], some: bool) -> None:
        """Of the rows that are not paid, of some of them only, or of attempts that nobody waits for."""
        payout_id = self.a_sent_batch(data)
        waiting = [row.attempt_key for row in self.batches[payout_id].rows if row.state in ("pending", "held")]
        keys = waiting or [key for key, payee in self.keys.items() if payee.payout_id == payout_id]
        if some:
            keys = data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
        self.tell(payout_id, dict(zip(keys, outcomes, strict=False)))

    def tell(self, payout_id: UUID, outcomes: dict[str, str]) -> None:
        """By attempt key."""
        told: Any = [
            RowResult.model_validate({"attempt_key": key, "outcome": outcome}) for key, outcome in outcomes.items()
        ]
        booked = self.ask(RecordResults(payout_id=payout_id, results=told))
        if booked:
            self.see_booked(booked)
            self.hear_again(payout_id, told)

    def a_sent_batch(self, data: st.DataObject) -> UUID:
        """One that is not wholly paid, as long as there are any."""
        sent = list(dict.fromkeys(payee.payout_id for payee in self.keys.values()))
        unpaid = [payout_id for payout_id in sent if self.batches[payout_id].state != "paid"]
        return data.draw(st.sampled_from(unpaid or sent))

    def see_booked(self, booked: PayoutResults) -> None:
        for one in booked.results:
            self.done[f"row {one.state}"] += one.news
            if one.news and one.state == "paid":
                self.book(self.keys[one.attempt_key], one.amount)
        self.see(self.ask(GetPayout(payout_id=booked.payout_id)))

    def hear_again(self, payout_id: UUID, told: list[RowResult]) -> None:
        """The same results again are no news, and change nothing."""
        before = self.balances()
        again = self.ask(RecordResults(payout_id=payout_id, results=told))
        assert again
        assert not any(one.news for one in again.results)
        assert self.balances() == before

    def book(self, payee: Payee, amount: int) -> None:
        """Money has left the bank: never twice for the same line."""
        assert payee not in self.paid, payee
        self.paid.add(payee)
        self.purse.left_the_bank += amount
        if isinstance(payee.who, UUID):
            self.purse.paid[payee.who] += amount
        else:
            self.purse.lenders -= amount

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def what_failed_is_tried_again(self, data: st.DataObject) -> None:
        self.retry(self.a_sent_batch(data))

    def retry(self, payout_id: UUID) -> None:
        rows = self.ask(GetPayout(payout_id=payout_id)).rows
        makers = [row.maker_id for row in rows if row.maker_id and row.state == "failed"]
        lenders = [row.lender for row in rows if row.lender and row.state == "failed"]
        now = self.ask(RetryRows(payout_id=payout_id, maker_ids=makers, lenders=lenders))
        if now:
            self.see_keys(now)


def payee_of(payout_id: UUID, row: PayoutRow) -> Payee:
    who = row.maker_id or row.lender
    assert who
    return Payee(payout_id, who)
