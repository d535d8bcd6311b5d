"""What the tills report of the file's lines, and the order it arrives in: late, twice, out of step."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from deploy.local.demo.places import till_of
from deploy.local.demo.till_data import Line

SEED = 536365
BATCH = 100
TWICE = 50
"""One report in so many is sent twice."""

SIZES = (BATCH, BATCH, BATCH, BATCH, 60, 25, 1)
"""How many reports a till sends together: mostly a full batch, now and then what it has."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one till: a CloudEvent in all but its JSON. `amount`: what its till counts for it, in rupiah."""

    outlet: str
    till: str
    type: str
    id: str
    at: datetime
    data: dict[str, Any]
    amount: int = 0

    def cloud_event(self) -> dict[str, Any]:
        """The envelope as any till would write it."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": f"/outlets/{self.outlet}/{self.till}",
            "type": self.type,
            "subject": f"{self.outlet}/{self.till}/{self.id}",
            "time": self.at.isoformat(),
            "datacontenttype": "application/json",
            "data": self.data,
        }


def reports_of(lines: Sequence[Line]) -> list[Report]:
    """One report for each line, in the file's order. What a return came from is looked up by customer and code."""
    originals = find_originals(lines)
    reports = [_returned(line, originals.get(i)) if line.is_return else _sold(line) for i, line in enumerate(lines)]
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for report in reports:
        numbers[report.outlet, report.till] += 1
        report.data["till_seq"] = numbers[report.outlet, report.till]
    return reports


def find_originals(lines: Sequence[Line]) -> dict[int, Line]:
    """For each return (by its index) the customer's latest line of that code with enough pieces left."""
    bought: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    found = {}
    for i, line in enumerate(lines):
        if not line.customer:
            continue
        purchases = bought[line.customer, line.code]
        if line.is_sale:
            purchases.append([line, line.quantity])
        elif line.is_return:
            fitting = [purchase for purchase in purchases if purchase[1] >= -line.quantity]
            if fitting:
                fitting[-1][1] += line.quantity
                found[i] = fitting[-1][0]
    return found


def in_order_of_arrival(reports: Sequence[Report]) -> list[Report]:
    """The same reports with what tills do to them: some late, one in fifty twice. The same for each call."""
    chance = Random(SEED)  # noqa: S311 the same mischief in every run is the point
    twice = set(chance.sample(range(10_000), 10_000 // TWICE))
    arrivals: list[tuple[float, Report]] = []
    for i, report in enumerate(reports):
        late, again = chance.random() < 0.05, chance.uniform(1, 600)
        arrivals.append((i + (chance.uniform(1, 400) if late else 0), report))
        if i in twice:
            arrivals.append((i + again, report))
    return [report for _, report in sorted(arrivals, key=lambda arrival: arrival[0])]


def in_batches(reports: Iterable[Report]) -> Iterator[list[Report]]:
    """Each till's reports in batches, as the tills fill them; the last ones go as they are."""
    chance = Random(SEED)  # noqa: S311
    waiting: dict[str, list[Report]] = defaultdict(list)
    wanted: dict[str, int] = defaultdict(lambda: chance.choice(SIZES))
    for report in reports:
        till = f"{report.outlet}.{report.till}"
        waiting[till].append(report)
        if len(waiting[till]) >= wanted[till]:
            yield waiting.pop(till)
            del wanted[till]
    yield from waiting.values()


def _sold(line: Line) -> Report:
    """A write-off keeps its negative quantity: the schema refuses it and a person looks at it."""
    outlet, till = till_of(line.receipt)
    data = _what(line, outlet, till) | {"quantity": line.quantity, "unit_price": line.price}
    data["sold_at"] = line.at.isoformat()
    return _report("outlet.SaleReported.v1", line, data)


def _returned(line: Line, original: Line | None) -> Report:
    """A return is reported where the original was sold; one that belongs to none, where the receipt falls."""
    outlet, till = till_of(original.receipt if original else line.receipt)
    data = _what(line, outlet, till) | {"quantity": -line.quantity, "returned_at": line.at.isoformat()}
    if original:
        data |= {"original_receipt": original.receipt, "original_line": original.place}
    return _report("outlet.ReturnReported.v1", line, data)


def _what(line: Line, outlet: str, till: str) -> dict[str, Any]:
    return {"outlet": outlet, "till": till, "receipt": line.receipt, "line": line.place, "sku": line.sku}


def _report(kind: str, line: Line, data: dict[str, Any]) -> Report:
    amount = line.quantity * line.price
    return Report(data["outlet"], data["till"], kind, f"{line.receipt}/{line.place}", line.at, data, amount)
