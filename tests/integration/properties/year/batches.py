"""A year of payouts: frozen, agreed to, given up; and debts that are given up."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from shared.contracts.sales import GetTrialBalance
from shared.contracts.sales.settlement import (
    ApprovePayout,
    ApproveWriteOff,
    CancelPayout,
    CancelWriteOff,
    FreezePayout,
    ListDebts,
    Payout,
    ProposeWriteOff,
    WriteOff,
)
from tests.integration.properties import invariants
from tests.integration.properties.lab import Lab
from tests.integration.properties.year import oracle, places
from tests.integration.properties.year.places import Purse
from tests.integration.properties.year.shop import BUDI, RINI, WHY, Shop
from tests.integration.properties.year.world import COOPERATIVES

COOPERATIVE = st.sampled_from(COOPERATIVES)


class Batches(Shop):
    """`batches`: those that were frozen, as they were last seen."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.purse = Purse()
        self.batches: dict[UUID, Payout] = {}
        self.right = False

    def teardown(self) -> None:
        """In the end the log must give the same books; unless they were found wrong, which is then what is told."""
        try:
            if self.right:
                self.lab.run(invariants.check_replay(self.house))
        finally:
            self.lab.run(self.lab.close_house(self.house))

    @invariant()
    def every_rupiah_is_in_one_place(self) -> None:
        self.right = False
        self.lab.run(invariants.check(self.house))
        self.lab.run(places.check(self.house, self.purse))
        self.right = True

    @rule(cooperative=COOPERATIVE)
    def a_batch_is_frozen(self, cooperative: str) -> None:
        self.freeze(cooperative)

    def freeze(self, cooperative: str) -> Payout | None:
        """It pays what the facts say, to the rupiah."""
        expected = oracle.expect(self.lab.run(oracle.read(self.house)), cooperative, self.today)
        batch: Payout | None = self.ask(FreezePayout(cooperative=cooperative))
        lines = {
            line.maker_id: oracle.Expected(line.gross, line.debt, line.recovery, line.remitted)
            for line in (batch.lines if batch else [])
        }
        assert lines == expected
        if batch:
            self.see(batch)
            self.done["recovery"] += any(line.recovery for line in batch.lines)
            self.done["two open"] += sum(one.state in ("frozen", "approved") for one in self.batches.values()) > 1
        return batch

    def a_batch(self, data: st.DataObject) -> UUID:
        return data.draw(st.sampled_from(list(self.batches)))

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), people=st.sampled_from([[RINI], [RINI, RINI], [RINI, BUDI], [BUDI, RINI]]))
    def people_agree(self, data: st.DataObject, people: list[str]) -> None:
        self.agree(self.a_batch(data), *people)

    def agree(self, payout_id: UUID, *people: str) -> None:
        for person in people:
            self.see(self.ask(ApprovePayout(payout_id=payout_id), person))

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def a_batch_is_given_up(self, data: st.DataObject) -> None:
        self.cancel(self.a_batch(data))

    def cancel(self, payout_id: UUID) -> None:
        self.see(self.ask(CancelPayout(payout_id=payout_id, reason=WHY)))

    def see(self, now: Payout | None) -> None:
        """A batch as it is after something was done with it."""
        if now:
            self.batches[now.payout_id] = now

    @rule(all_of_it=st.booleans(), agreed=st.booleans())
    def a_debt_is_given_up(self, all_of_it: bool, agreed: bool) -> None:
        """The first one."""
        for debt in self.ask(ListDebts(limit=1)).items:
            amount = debt.owed if all_of_it else 1 + debt.owed // 3
            proposed = self.ask(ProposeWriteOff(maker_id=debt.maker_id, amount=amount, reason=WHY))
            if agreed:
                self.give_up(proposed)
            else:
                self.ask(CancelWriteOff(write_off_id=proposed.write_off_id, reason=WHY))

    def give_up(self, proposed: WriteOff) -> None:
        for person in (RINI, BUDI):
            done = self.ask(ApproveWriteOff(write_off_id=proposed.write_off_id), person)
        if done and done.state == "posted":
            self.purse.given_up[proposed.maker_id] += proposed.amount

    def balances(self) -> dict[str, Any]:
        trial = self.ask(GetTrialBalance())
        return {f"{line.kind} {line.owner}": line.balance for line in trial.items}
