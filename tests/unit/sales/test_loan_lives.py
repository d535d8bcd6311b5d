"""Whatever becomes of a loan's batches and whenever she pays in cash: never too much, and all of it in the end."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.loans import Owing, Paid, Payable, allocate, deduct, draw_schedule, left, total, unpaid
from shared.contracts.sales.loans import Instalment

ACTS = st.one_of(
    st.tuples(st.just("a month of sales"), st.just(0)),
    st.tuples(st.just("freeze"), st.integers(1, 10**7)),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("send"), st.integers(0, 5)),
    st.tuples(st.just("cash"), st.integers(1, 10**6)),
)


@dataclass
class Life:
    """A loan with the batches that are neither sent nor cancelled."""

    schedule: list[Instalment]
    active: int = 0
    posted: Paid = field(default_factory=Paid)
    pending: list[Paid] = field(default_factory=list)

    @property
    def known(self) -> Paid:
        paid = self.posted
        for part in self.pending:
            paid = paid.plus(part)
        return paid

    def act(self, kind: str, amount: int) -> None:
        if kind == "a month of sales":
            self.active += 1
        elif kind == "freeze":
            self.pending.append(deduct(self.owing(), Payable(amount, amount)))
        elif kind == "cash":
            part = allocate(self.schedule, self.known, min(amount, left(self.schedule, self.known)))
            self.posted = self.posted.plus(part)
        elif self.pending:
            part = self.pending.pop(amount % len(self.pending))
            self.posted = self.posted.plus(part) if kind == "send" else self.posted

    def owing(self) -> Owing:
        terms: dict[str, Any] = {"no": 1, "loan_id": UUID(int=7), "maker_id": UUID(int=1), "lender": "kop"}
        limits: dict[str, Any] = {"deduction_bps": 2_000, "floor_income": 0, "received": 0}
        return Owing(**terms, **limits, schedule=self.schedule, active=self.active, paid=self.known)


@given(st.tuples(st.integers(1, 10**7), st.integers(1, 24), st.integers(0, 300)), st.lists(ACTS, max_size=40))
def test_a_loan_is_paid_back_once_whatever_is_cancelled_in_between(
    terms: tuple[int, int, int], acts: list[tuple[str, int]]
) -> None:
    life = Life(draw_schedule(*terms))
    principal = terms[0]
    service = total(life.schedule) - principal
    for kind, amount in acts:
        due = unpaid(life.schedule, life.active, life.known)
        before = life.known
        life.act(kind, amount)
        assert life.known.principal <= principal and life.known.service <= service
        if kind == "freeze":
            assert life.known.amount - before.amount <= due
    for _ in life.pending[:]:
        life.act("send", 0)
    life.act("cash", total(life.schedule))

    assert life.posted == Paid(principal, service)
    assert unpaid(life.schedule, life.active, life.posted) == 0
