"""The books as figures that can be held against others: of two databases with the same facts they are equal."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.sales.views import pages
from shared.db import Row, Tx

Figures = Mapping[str, int | str]
"""What is compared, by its name."""

Page = Mapping[str, Figures]
"""Figures by what they are of. Nothing in it depends on the order in which the facts were recorded."""


class Difference(NamedTuple):
    """A line of the books that is not the same in both; None: it is not there at all."""

    page: str
    of: str
    ours: Figures | None
    theirs: Figures | None

    def __str__(self) -> str:
        if self.ours is None or self.theirs is None:
            found = "only in the others" if self.ours is None else "only in these"
            return f"{self.page}: {self.of}: {_spell(self.ours or self.theirs or {})}, {found}"
        changed = [name for name in self.ours if self.ours[name] != self.theirs.get(name)]
        told = [f"{name} {self.ours.get(name)}, not {self.theirs.get(name)}" for name in changed]
        return f"{self.page}: {self.of}: {'; '.join(told)}"


@dataclass(frozen=True, slots=True)
class Books:
    """Every account, shelf, piece and split, and how many facts there are; by page."""

    pages: Mapping[str, Page]

    def digest(self) -> str:
        """The same for the same books, wherever and in whatever order they were written."""
        return hashlib.sha256(json.dumps(self.pages, sort_keys=True).encode()).hexdigest()

    def differences(self, others: "Books") -> Iterator[Difference]:
        """What is not the same, page by page; nothing when the books are equal."""
        for page in self.pages:
            ours, theirs = self.pages[page], others.pages[page]
            for of in sorted(ours.keys() | theirs.keys()):
                if ours.get(of) != theirs.get(of):
                    yield Difference(page, of, ours.get(of), theirs.get(of))

    def explain(self, others: "Books", most: int = 20) -> str:
        """The first differences, a line each; empty when the books are equal."""
        told = [str(difference) for difference in self.differences(others)]
        more = [f"... and {len(told) - most} more"] if len(told) > most else []
        return "\n".join(told[:most] + more)


async def get_books(tx: Tx, untold: date = date.min) -> Books:
    """All of one moment when the transaction is REPEATABLE READ. Single lines are looked at after the day `untold`."""
    return Books(
        {
            "accounts": _page(await pages.list_accounts(tx)),
            "days": _page(await pages.list_days(tx)),
            "postings": _page(await pages.list_postings(tx)),
            "splits": _page(await pages.list_splits(tx)),
            "shares": _page(await pages.list_shares(tx)),
            "shelves": _page(await pages.list_shelves(tx)),
            "movements": _page(await pages.list_movements(tx)),
            "units": _page(await pages.list_units(tx)),
            "lines": _page(await pages.list_lines(tx, untold)),
            "facts": _page(await pages.count_facts(tx)),
            "papers": _page(
                [
                    *await pages.count_papers(tx),
                    *await pages.count_remittances(tx),
                    *await pages.count_payouts(tx),
                    *await pages.count_loans(tx),
                ]
            ),
            "months": _page(await pages.list_months(tx)),
            "periods": _page(await pages.list_periods(tx)),
        }
    )


def _page(rows: Sequence[Row]) -> Page:
    return {row["of"]: {name: value for name, value in row.items() if name != "of"} for row in rows}


def _spell(figures: Figures) -> str:
    return ", ".join([f"{name} {value}" for name, value in figures.items()])
