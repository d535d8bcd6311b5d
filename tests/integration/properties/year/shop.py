"""A year of selling: time, tills, what comes back, homes that change and agreements that do."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from services.sales.domain.calendar import business_day
from shared.contracts.message import Event, Request
from shared.contracts.outlets import ReturnReported, SaleReported, TillReport, VoidReported
from shared.contracts.sales import AgreeTerms, VoidSale
from shared.contracts.training import MakerMoved
from shared.errors import Bug, KaryaError, Unavailable
from tests.integration.properties.lab import Lab, Sent
from tests.integration.properties.world import cloud_event, own
from tests.integration.properties.year.world import (
    BEGINS,
    COOPERATIVES,
    MAKERS,
    OUTLETS,
    PRICES,
    PROMOTIONS,
    SKUS,
)

RINI, BUDI = "coordinator:rini", "finance:budi"
WHY = "it is so"
PLACE = st.sampled_from(OUTLETS)
AGO = st.sampled_from([0, 0, 1, 3, 10, 40])
DONE: Counter[str] = Counter()
"""What years have brought so far, all houses together: a test that has never seen a payout says nothing of payouts."""

A_LINE = st.tuples(
    st.sampled_from(SKUS),
    st.sampled_from([1, 1, 1, 3]),
    st.sampled_from(PRICES),
    st.sampled_from([None, None, *PROMOTIONS]),
)


class Shop(RuleBasedStateMachine):
    """One house. `sold`, `brought`: what tills have said. Refusals are part of life; a fault of ours is none."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        self.house = lab.run(lab.open_house())
        lab.at = BEGINS
        self.sold: list[SaleReported] = []
        self.brought: list[ReturnReported] = []
        self.number = 0
        self.done = DONE

    @property
    def today(self) -> date:
        return business_day(self.lab.at)

    def ask(self, request: Request[Any], actor: str = BUDI) -> Any:
        """The answer; None when a rule says no."""
        try:
            answer = self.lab.run(self.house.ask(request, actor))
        except (Bug, Unavailable):
            raise
        except KaryaError as refused:
            self.done[f"refused {refused.code}"] += 1
            return None
        self.done[type(request).__name__] += 1
        return answer

    def hear(self, event: Event) -> None:
        self.lab.run(self.house.hear(own(event, self.lab.at)))

    def report(self, *told: TillReport) -> None:
        """In one delivery."""
        self.lab.run(self.house.counter.take([self._sent(one) for one in told]))

    def _sent(self, told: TillReport) -> Sent:
        name = f"{self.next()}"
        return Sent(told.outlet, cloud_event(name, f"/tills/{told.outlet}/{told.till}", self.lab.at, told))

    def next(self) -> int:
        self.number += 1
        return self.number

    def ids(self, sql: str) -> list[UUID]:
        return [row[0] for row in self.lab.run(self.house.fetch(sql))]

    @initialize(lines=st.lists(st.tuples(PLACE, A_LINE), min_size=2, max_size=6))
    def something_is_sold(self, lines: Sequence[Any]) -> None:
        self.trade(lines)

    @rule(days=st.sampled_from([1, 7, 31, 62]))
    def time_passes(self, days: int) -> None:
        """What waits is tried meanwhile."""
        self.lab.run(self.house.wait(timedelta(days=days)))

    @rule(outlet=PLACE, lines=st.lists(A_LINE, min_size=1, max_size=3), ago=AGO, off=st.sampled_from([0, 0, 50_000]))
    def a_receipt_is_sold(self, outlet: str, lines: Sequence[Any], ago: int, off: int) -> None:
        self.report(*self.sell(outlet, lines, ago, off))

    @rule(lines=st.lists(st.tuples(PLACE, A_LINE), min_size=2, max_size=5))
    def trade_is_good(self, lines: Sequence[Any]) -> None:
        self.trade(lines)

    def trade(self, lines: Sequence[Any]) -> None:
        """Each line is a receipt of its own."""
        self.report(*[sale for outlet, line in lines for sale in self.sell(outlet, [line], 0)])

    def sell(self, outlet: str, lines: Sequence[Any], ago: int, off: int = 0, **other: Any) -> list[SaleReported]:
        receipt = other.pop("receipt", f"R{self.next()}")
        told = [
            SaleReported(
                outlet=outlet,
                till="till-1",
                receipt=receipt,
                line=line,
                sku=sku,
                quantity=quantity,
                unit_price=price,
                discount=min(off, quantity * price) if line == 1 else 0,
                promo_id=promo_id,
                sold_at=max(BEGINS, self.lab.at - timedelta(days=ago)),
                **other,
            )
            for line, (sku, quantity, price, promo_id) in enumerate(lines, 1)
        ]
        self.sold += told
        return told

    @precondition(lambda self: self.sold)
    @rule(data=st.data(), elsewhere=st.none() | PLACE, quantity=st.integers(1, 3), instead=st.none() | A_LINE)
    def pieces_come_back(self, data: st.DataObject, elsewhere: str | None, quantity: int, instead: Any) -> None:
        """`instead`: what is sold for it on the same receipt."""
        self.take_back(data.draw(st.sampled_from(self.sold)), elsewhere, quantity, instead)

    def take_back(
        self, sale: SaleReported, elsewhere: str | None = None, quantity: int = 1, instead: Any = None
    ) -> None:
        receipt, outlet = f"C{self.next()}", elsewhere or sale.outlet
        back = ReturnReported(
            outlet=outlet,
            till="till-1",
            receipt=receipt,
            line=9,
            sku=sale.sku,
            quantity=min(quantity, sale.quantity),
            returned_at=self.lab.at,
            original_receipt=sale.receipt,
            original_line=sale.line,
            original_outlet=sale.outlet,
            original_till=sale.till,
            exchange=receipt if instead else None,
        )
        self.brought.append(back)
        taken = self.sell(outlet, [instead], 0, receipt=receipt, exchange=receipt) if instead else []
        self.report(back, *taken)

    @precondition(lambda self: self.sold)
    @rule(data=st.data())
    def a_till_takes_a_receipt_back(self, data: st.DataObject) -> None:
        """Of a sale, or of a return: then the pieces are sold after all."""
        self.void(data.draw(st.sampled_from([*self.sold, *self.brought])))

    def void(self, told: Any) -> None:
        self.report(VoidReported(outlet=told.outlet, till=told.till, receipt=told.receipt, voided_at=self.lab.at))

    @rule(data=st.data())
    def a_person_takes_a_sale_back(self, data: st.DataObject) -> None:
        sales = self.ids("SELECT sale_id FROM sale ORDER BY no")
        if sales:
            self.take_back_whole(data.draw(st.sampled_from(sales)))

    def take_back_whole(self, sale_id: UUID) -> None:
        self.ask(VoidSale(sale_id=sale_id, reason=WHY), RINI)

    @rule(
        code=PLACE,
        ahead=st.integers(-10, 10),
        outlet_bps=st.sampled_from([0, 2_000, 9_000]),
        hold_days=st.sampled_from([0, 5, 30]),
        advances=st.booleans(),
    )
    def other_terms_are_agreed(self, code: str, ahead: int, **terms: Any) -> None:
        since = self.today + timedelta(days=ahead)
        self.ask(AgreeTerms(code=code, valid_from=since, programme_bps=777, **terms))

    @rule(maker=st.sampled_from(MAKERS), cooperative=st.sampled_from(COOPERATIVES), ago=AGO)
    def a_maker_moves(self, maker: UUID, cooperative: str, ago: int) -> None:
        rusun, since = cooperative.removeprefix("kop-"), self.today - timedelta(days=ago)
        self.hear(MakerMoved(maker_id=maker, rusun=rusun, cooperative=cooperative, since=since))
