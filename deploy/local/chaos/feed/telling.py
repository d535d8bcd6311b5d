"""What happened at the outlets, as their tills tell it: each fact with its moment, its money and its number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from services.sales.domain.calendar import business_day
from shared.contracts.outlets import ReturnReported, SaleReported, TillClosed, TillReport, VoidReported

Json = dict[str, Any]
Where = tuple[str, str]
"""(outlet, till)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was sold, and what its pieces cost together."""

    sale: SaleReported
    net: int

    @property
    def where(self) -> Where:
        return self.sale.outlet, self.sale.till

    def cost(self, pieces: int) -> int:
        """What the first so many pieces cost: a rupiah that cannot be divided is theirs."""
        low, dearer = divmod(self.net, self.sale.quantity)
        return pieces * low + min(dearer, pieces)


class Fact(NamedTuple):
    """`net`: what it adds to the till's total of the day."""

    at: datetime
    net: int
    report: TillReport


@dataclass(slots=True)
class Telling:
    """The facts of a feed. `mark` begins every event id, so that two feeds never share one."""

    mark: str
    facts: dict[Where, list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def sell(self, where: Where, at: datetime, **facts: Any) -> Line:
        sale = SaleReported(outlet=where[0], till=where[1], sold_at=at, **facts)
        net = sale.quantity * sale.unit_price - sale.discount
        self.facts[where].append(Fact(at, net, sale))
        return Line(sale, net)

    def take_back(self, sold: Line, where: Where, at: datetime, **facts: Any) -> None:
        """One piece, named by the line that it was sold on."""
        sale = sold.sale
        named = {"original_receipt": sale.receipt, "original_line": sale.line, "original_till": sale.till}
        elsewhere = {"original_outlet": sale.outlet} if sale.outlet != where[0] else {}
        told: Json = {"line": 1, "sku": sale.sku, "quantity": 1} | named | elsewhere | facts
        back = ReturnReported(outlet=where[0], till=where[1], returned_at=at, **told)
        self.facts[where].append(Fact(at, -sold.cost(back.quantity), back))

    def void(self, lines: Sequence[Line], at: datetime) -> None:
        """The whole receipt, of which nothing has come back."""
        outlet, till = where = lines[0].where
        void = VoidReported(outlet=outlet, till=till, receipt=lines[0].sale.receipt, voided_at=at)
        self.facts[where].append(Fact(at, -sum([line.net for line in lines]), void))

    def told(self, where: Where) -> list[Json]:
        """A till's events as it numbers them, each day with its control totals at its end."""
        numbered = list(enumerate(sorted(self.facts[where], key=lambda fact: fact.at), 1))
        days: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
        for number, fact in numbered:
            days[business_day(fact.at).isoformat()].append((number, fact))
        events = []
        for day, some in days.items():
            events += [self._event(fact.report.model_copy(update={"till_seq": n}), fact.at, str(n)) for n, fact in some]
            events.append(self._event(_closing(where, day, some), some[-1][1].at, day))
        return events

    def _event(self, report: TillReport, at: datetime, name: str) -> Json:
        return cloud_event(report, at, f"{self.mark}-{report.outlet}-{report.till}-{name}")


def _closing(where: Where, day: str, told: Sequence[tuple[int, Fact]]) -> TillClosed:
    return TillClosed(
        outlet=where[0],
        till=where[1],
        business_date=day,
        events=len(told),
        total=sum([fact.net for _, fact in told]),
        first_seq=told[0][0],
        last_seq=told[-1][0],
    )


def cloud_event(report: TillReport, at: datetime, name: str) -> Json:
    """A report as a till sends it."""
    return {
        "specversion": "1.0",
        "id": name,
        "source": f"/outlets/{report.outlet}/{report.till}",
        "type": report.wire,
        "subject": report.subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": report.model_dump(mode="json", exclude_defaults=True),
    }


Key = tuple[str, str, str, str, int]
"""(kind of report, outlet, till, receipt or day, line): one fact, whatever id its report has."""


def key_of(event: Json) -> Key:
    """The natural key of a report that can be read."""
    kind, data = event["type"].split(".")[1], event["data"]
    name = data["business_date"] if kind == "TillClosed" else data["receipt"]
    return kind, data["outlet"], data["till"], name, data.get("line", 0)


def keys_of(events: Iterable[Json]) -> set[Key]:
    return {key_of(event) for event in events}
