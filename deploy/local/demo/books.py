"""The books counted a second time, from the file itself, by nothing that the system uses: two ways, one answer.

It knows the demo's inputs (which till a receipt falls to, the outlets' shares, who made what with which weight, what
it should cost) and the written rules: shares of outlet and programme floored for each piece, the rest to the makers,
co-makers by largest remainder; what a piece was sold for less than it should cost is the outlet's loss alone.
It shares no code with the services, with `shared` or with what reads the file for the tills.
"""

import csv
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path

from deploy.local.demo.places import OUTLETS, till_of


@dataclass(frozen=True, slots=True)
class Good:
    """What is for sale: its list price in rupiah; number and weight of each maker, in the order of the submission."""

    price: int
    makers: Sequence[tuple[int, int]]


Goods = Mapping[str, Good]
"""By stock code."""

Row = dict[str, str]
RUPIAH_PER_PENNY = 200
LATER = timedelta(days=5_824)
"""The file's days are played so much later."""


@dataclass
class Books:
    """What the file should give.

    `accounts`: (kind, owner) to balance in rupiah, debit positive; a maker is owner by her number.
    `told`: how often a maker is to be told that something of hers was sold or came back.
    """

    accounts: Counter[tuple[str, str | int]] = field(default_factory=Counter)
    sales: int = 0
    returns: int = 0
    parked: int = 0
    units_sold: int = 0
    units_returned: int = 0
    net_sold: int = 0
    net_returned: int = 0
    told: int = 0
    off_list: int = 0
    """Sales at another price than the list's."""

    outlets_bear: int = 0
    """What outlets lost by selling for less, in rupiah."""

    unlike: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    """By outlet, till and day: reports that a person has to look at, and returns that the till paid back otherwise."""

    def post(self, outlet: str, pence: Fraction, units: int, good: Good) -> int:
        """Book pieces that were sold (or, below 0, that came back); the money they moved, in rupiah."""
        price = int(pence * RUPIAH_PER_PENNY)
        terms = next(place for place in OUTLETS if place.code == outlet)
        base, lost = max(price, good.price), max(good.price - price, 0)
        kept, given = base * terms.outlet_percent // 100 - lost, base * terms.programme_percent // 100
        self.accounts["outlet-receivable", outlet] += units * price
        self.accounts["outlet-commission", outlet] -= units * kept
        self.accounts["programme-share", "programme"] -= units * given
        parts = largest_remainder(price - kept - given, [weight for _, weight in good.makers])
        for (number, _), part in zip(good.makers, parts, strict=True):
            self.accounts["maker-payable", number] -= units * part
            self.told += 1
        return units * price

    @property
    def maker_payable(self) -> int:
        """What is owed to all makers together."""
        return -sum(balance for (kind, _), balance in self.accounts.items() if kind == "maker-payable")


def count(file: Path, events: int, goods: Goods) -> Books:
    """The books after the first `events` lines of the file."""
    last = deque(counted(file, events, goods), maxlen=1)
    return last[0][1] if last else Books()


def counted(file: Path, events: int, goods: Goods) -> Iterator[tuple[int, Books]]:
    """How many lines have been counted and the books so far, after each of them: the same object every time."""
    books = Books()
    customers: dict[tuple[str, str], list[_Purchase]] = {}
    with file.open(encoding="utf-8-sig", newline="") as source:
        for number, row in enumerate(islice(csv.DictReader(source, delimiter=";"), events), start=1):
            units, mine = int(row["Quantity"]), customers.setdefault((row["CustomerID"], row["StockCode"]), [])
            if row["InvoiceNo"][0] == "C":
                _count_return(books, row, [p for p in mine if row["CustomerID"] and p.left >= -units], goods)
            elif units < 0:
                _set_aside(books, row, till_of(row["InvoiceNo"]))
            else:
                mine.append(_count_sale(books, row, goods))
            yield number, books


@dataclass
class _Purchase:
    till: tuple[str, str]
    pence: Fraction
    left: int


def _count_sale(books: Books, row: Row, goods: Goods) -> _Purchase:
    bought = _Purchase(till_of(row["InvoiceNo"]), _pence(row), int(row["Quantity"]))
    good, price = goods[row["StockCode"]], int(bought.pence * RUPIAH_PER_PENNY)
    books.net_sold += books.post(bought.till[0], bought.pence, bought.left, good)
    books.off_list += price != good.price
    books.outlets_bear += bought.left * max(good.price - price, 0)
    books.sales += 1
    books.units_sold += bought.left
    return bought


def _count_return(books: Books, row: Row, fitting: list[_Purchase], goods: Goods) -> None:
    """The last purchase that still has that many pieces is the one; without any a person has to look."""
    if not fitting:
        _set_aside(books, row, till_of(row["InvoiceNo"]))
        return
    bought, units = fitting[-1], int(row["Quantity"])
    books.unlike[(*bought.till, _day(row))] += _pence(row) != bought.pence
    books.net_returned -= books.post(bought.till[0], bought.pence, units, goods[row["StockCode"]])
    bought.left += units
    books.returns += 1
    books.units_returned -= units


def _set_aside(books: Books, row: Row, till: tuple[str, str]) -> None:
    books.parked += 1
    books.unlike[(*till, _day(row))] += 1


def _day(row: Row) -> date:
    day, month, year = row["InvoiceDate"].partition(" ")[0].split("/")
    return date(int(year), int(month), int(day)) + LATER


def _pence(row: Row) -> Fraction:
    return Fraction(row["UnitPrice"].replace(",", ".")) * 100


def largest_remainder(amount: int, weights: Sequence[int]) -> list[int]:
    """Whole parts in the proportion of the weights; what is left over goes, one each, to the largest fractions."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [int(share) for share in exact]
    by_fraction = sorted(range(len(weights)), key=lambda i: parts[i] - exact[i])
    for i in by_fraction[: amount - sum(parts)]:
        parts[i] += 1
    return parts
