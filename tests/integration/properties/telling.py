"""What tills tell, as it happened: each fact with its moment, its money, and its place in its till's numbers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from services.sales.domain.calendar import business_day
from shared.contracts.outlets import ReturnReported, SaleReported, TillClosed, TillReport, VoidReported
from tests.integration.properties.lab import Sent
from tests.integration.properties.world import cloud_event, own, told_late

Where = tuple[str, str]
"""(outlet, till)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was sold, and what its pieces cost together."""

    sale: SaleReported
    net: int

    @property
    def alike(self) -> bool:
        """Whether it does not matter which of the pieces come back."""
        return self.net % self.sale.quantity == 0

    def cost(self, pieces: int) -> int:
        """What the first so many pieces cost."""
        low, dearer = divmod(self.net, self.sale.quantity)
        return pieces * low + min(dearer, pieces)


class Back(NamedTuple):
    """A return, and what its pieces cost together."""

    told: ReturnReported
    net: int


class Fact(NamedTuple):
    at: datetime
    net: int
    report: TillReport


@dataclass(slots=True)
class Telling:
    """The facts of a feed, as they are made up."""

    facts: list[Fact] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def receipt(self) -> str:
        """A new one. Receipts of different tills have the same numbers now and then."""
        return str(536_000 + next(self.numbers))

    def sell(self, where: Where, at: datetime, **facts: Any) -> Line:
        sale = SaleReported(outlet=where[0], till=where[1], sold_at=at, **facts)
        net = sale.quantity * sale.unit_price - sale.discount
        self.facts.append(Fact(at, net, sale))
        return Line(sale, net)

    def take_back(self, sold: Line, where: Where, at: datetime, quantity: int, **facts: Any) -> Back:
        """By the line, unless `facts` says otherwise."""
        sale = sold.sale
        named: dict[str, Any] = {
            "original_receipt": sale.receipt,
            "original_line": sale.line,
            "original_outlet": sale.outlet,
            "original_till": sale.till,
        }
        told = named | {"receipt": self.receipt(), "line": 1, "sku": sale.sku} | facts
        back = ReturnReported(outlet=where[0], till=where[1], returned_at=at, quantity=quantity, **told)
        self.facts.append(Fact(at, -sold.cost(quantity), back))
        return Back(back, sold.cost(quantity))

    def void(self, lines: Sequence[Line], at: datetime, left: int | None = None) -> None:
        """The whole receipt; `left`: what its pieces cost that had not come back before."""
        sale = lines[0].sale
        void = VoidReported(outlet=sale.outlet, till=sale.till, receipt=sale.receipt, voided_at=at)
        self.facts.append(Fact(at, -sum([line.net for line in lines]) if left is None else -left, void))

    def void_back(self, back: Back, at: datetime, sold: Line | None = None) -> None:
        """The receipt of a return, with what was sold on it."""
        void = VoidReported(outlet=back.told.outlet, till=back.told.till, receipt=back.told.receipt, voided_at=at)
        self.facts.append(Fact(at, back.net - (sold.net if sold else 0), void))

    def add(self, at: datetime, report: TillReport) -> None:
        """Something that can never be booked, or never by itself."""
        self.facts.append(Fact(at, 0, report))

    def told(self, closings: bool = True) -> list[Sent]:
        """In the order in which it happened, numbered by each till; what services of ours tell comes first."""
        told: dict[Where, list[Fact]] = defaultdict(list)
        for fact in sorted(self.facts, key=lambda one: one.at):
            told[fact.report.outlet, fact.report.till].append(fact)
        if closings:
            told |= {where: [*facts, *_closings(facts)] for where, facts in told.items()}
        numbered = [_send(number, fact) for facts in told.values() for number, fact in enumerate(facts, 1)]
        ours = [own(event) for event in told_late(self.labels)]
        return [*ours, *[sent for _, sent in sorted(numbered, key=lambda pair: pair[0])]]


def _closings(facts: Sequence[Fact]) -> Iterable[Fact]:
    """The till's control totals of each of its days."""
    days = defaultdict(list)
    for fact in facts:
        days[business_day(fact.at)].append(fact)
    for day, told in days.items():
        report, total = told[0].report, sum([fact.net for fact in told])
        closing = TillClosed(
            outlet=report.outlet, till=report.till, business_date=day.isoformat(), events=len(told), total=total
        )
        yield Fact(facts[-1].at, 0, closing)


def _send(number: int, fact: Fact) -> tuple[datetime, Sent]:
    report = fact.report.model_copy(update={"till_seq": number})
    source = f"/tills/{report.outlet}/{report.till}"
    return fact.at, Sent(report.outlet, cloud_event(f"{number}", source, fact.at, report))
