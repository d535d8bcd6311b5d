"""What tills do, rightly or wrongly, and what the broker does with it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.contracts.outlets import ReturnReported, SaleReported, TillClosed, TillReport, VoidReported
from tests.integration.properties import invariants
from tests.integration.properties.lab import START, Lab, Sent
from tests.integration.properties.noise import KINDS, OTHERWISE, another_content, another_line
from tests.integration.properties.playing import renamed
from tests.integration.properties.world import LATE, OUTLETS, POUCH, PROMOTIONS, SHAWL, TILLS, cloud_event

OURS = ("2900000000017", "2900000000024")
SERIALS = (*OURS, "CITOS-1", "CITOS-2")
WHERE = st.tuples(st.sampled_from(OUTLETS), st.sampled_from(TILLS))
AGO = st.sampled_from([0, 1, 59, 600, 3_000]).map(lambda minutes: timedelta(minutes=minutes))
PRICES = st.sampled_from([700_000, 650_000, 99_991, 1_000, 0])


class Tills(RuleBasedStateMachine):
    """One house. `sent`: all that tills have sent so far; `sold`, `brought`: its lines, by what they say."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        self.house = lab.run(lab.open_house())
        self.sent: list[Sent] = []
        self.sold: list[SaleReported] = []
        self.brought: list[ReturnReported] = []
        self.reports = 0
        self.deliveries: list[Sequence[Sent]] = []
        self.right = False

    def teardown(self) -> None:
        """In the end the log must give the same books; unless they were found wrong, which is then what is told."""
        try:
            if self.right:
                self.lab.run(invariants.check_replay(self.house))
        finally:
            self.lab.run(self.lab.close_house(self.house))

    @invariant()
    def the_books_are_right(self) -> None:
        self.right = False
        self.lab.run(invariants.check(self.house, self.reports))
        self.right = True

    def bring(self, *sent: Sent) -> None:
        self.reports += len(sent)
        self.sent += [one for one in sent if one not in self.sent]
        self.deliveries.append(sent)
        self.lab.run(self.house.counter.take(sent))

    def report(self, told: TillReport) -> None:
        source = f"/tills/{told.outlet}/{told.till}"
        self.bring(Sent(told.outlet, cloud_event(f"{len(self.sent)}", source, self.lab.at, told)))

    @initialize(pieces=st.lists(st.sampled_from(SERIALS), unique=True))
    def some_pieces_are_sold(self, pieces: list[str]) -> None:
        for serial in pieces:
            self.sell(("citos", "till-1"), timedelta(), SHAWL, 1, 700_000, serial)

    @rule(
        where=WHERE,
        ago=AGO,
        sku=st.sampled_from([SHAWL, POUCH, LATE]),
        quantity=st.integers(1, 5),
        price=PRICES,
        discount=st.sampled_from([0, 1, 70_000, 300_000]),
        promo_id=st.none() | st.sampled_from(PROMOTIONS),
    )
    def a_till_sells(self, where: Any, ago: timedelta, sku: str, quantity: int, price: int, **other: Any) -> None:
        self.sell(where, ago, sku, quantity, price, **other)

    @rule(where=WHERE, ago=AGO, serial=st.sampled_from(SERIALS), sku=st.sampled_from([SHAWL, SHAWL, POUCH]))
    def a_till_sells_a_piece(self, where: Any, ago: timedelta, serial: str, sku: str) -> None:
        self.sell(where, ago, sku, 1, 700_000, serial)

    def sell(
        self, where: Any, ago: timedelta, sku: str, quantity: int, price: int, serial: str | None = None, **other: Any
    ) -> None:
        sale = SaleReported(
            outlet=where[0],
            till=where[1],
            till_seq=len(self.sold) % 7,
            receipt=f"R{len(self.sold) // 2}",
            line=len(self.sold) % 2 + 1,
            sku=sku,
            quantity=quantity,
            unit_price=price,
            sold_at=self.lab.at - ago,
            serial=serial,
            **other,
        )
        self.sold.append(sale)
        self.report(sale)

    @precondition(lambda self: self.sold)
    @rule(data=st.data(), where=WHERE, ago=AGO, quantity=st.integers(1, 5), by=st.sampled_from(["line", "piece", ""]))
    def pieces_come_back(self, data: st.DataObject, where: Any, ago: timedelta, quantity: int, by: str) -> None:
        sale = data.draw(st.sampled_from(self.sold))
        named: dict[str, dict[str, Any]] = {
            "line": {
                "original_receipt": sale.receipt,
                "original_line": sale.line,
                "original_outlet": sale.outlet,
                "original_till": sale.till,
            },
            "piece": {"serial": sale.serial},
        }
        back = ReturnReported(
            outlet=where[0],
            till=where[1],
            receipt=f"C{len(self.sent)}",
            line=1,
            sku=sale.sku,
            quantity=min(quantity, sale.quantity + 1),
            returned_at=self.lab.at - ago,
            **named.get(by, {}),
        )
        self.brought.append(back)
        self.report(back)

    @precondition(lambda self: self.sold)
    @rule(data=st.data(), ago=AGO)
    def a_till_voids(self, data: st.DataObject, ago: timedelta) -> None:
        """A receipt of which it has told, or will tell, one line or two; or on which something came back."""
        told: list[SaleReported | ReturnReported] = [*self.sold, *self.brought]
        line = data.draw(st.sampled_from(told))
        void = VoidReported(outlet=line.outlet, till=line.till, receipt=line.receipt, voided_at=self.lab.at - ago)
        self.report(void)

    @rule(where=WHERE, events=st.integers(0, 3), total=PRICES)
    def a_till_closes(self, where: Any, events: int, total: int) -> None:
        outlet, till = where
        day = START.date().isoformat()
        self.report(TillClosed(outlet=outlet, till=till, business_date=day, events=events, total=total))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), times=st.integers(1, 4), anew=st.booleans())
    def a_till_sends_again(self, data: st.DataObject, times: int, anew: bool) -> None:
        one = data.draw(st.sampled_from(self.sent))
        self.bring(*[renamed(one, len(self.sent)) if anew else one] * times)

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data())
    def the_broker_brings_it_again(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.deliveries) - 1))
        self.lab.run(self.house.counter.take(self.deliveries[number], again=True))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), kind=st.sampled_from([another_content, another_line, *KINDS]))
    def a_till_sends_nonsense(self, data: st.DataObject, kind: Any) -> None:
        readable = [one for one in self.sent if isinstance(one.event, dict) and one.event.get("type") in OTHERWISE]
        readable = [one for one in readable if one.event.get("data")]
        if readable:
            self.bring(data.draw(st.composite(kind)(data.draw(st.sampled_from(readable)))))

    @rule(time=st.sampled_from([timedelta(seconds=1), timedelta(minutes=20), timedelta(days=2), timedelta(days=4)]))
    def time_passes(self, time: timedelta) -> None:
        self.lab.run(self.house.wait(time))
