"""A till's control totals of a day: whether they can be recorded, and whether the books agree with them."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.sales.domain.calendar import CLOCKS_DIFFER, business_day
from services.sales.domain.numbers import Numbers
from shared.contracts.message import EARLIEST
from shared.contracts.outlets import TillClosed
from shared.contracts.sales.tills import ClosingState
from shared.errors import Conflict, Invalid, KaryaError, NotYet, Rejected

Facts = tuple[Any, ...]

CLOSING = ("events", "total", "first_seq", "last_seq")
"""The facts of a closing, in the order in which they are compared and stored."""

TillDay = tuple[str, str, date]
"""(outlet, till, business day)."""


def judge(report: TillClosed, outlets: Container[str], now: datetime) -> date | KaryaError:
    """The business day, or why the closing cannot be recorded (yet)."""
    day = _day(report.business_date)
    if day is None:
        fault = {"field": "data.business_date", "reason": "no such day"}
        return Invalid("invalid", f"{report.subject}: there is no such day", errors=[fault])
    if day > business_day(now + CLOCKS_DIFFER):
        return Rejected("closed_in_the_future", f"{report.subject}: that day has not begun")
    first, last = report.first_seq, report.last_seq
    if first is not None and last is not None and last < first:
        return Rejected("closing_numbers_implausible", f"{report.subject} runs from {first} to {last}")
    if report.outlet not in outlets:
        return NotYet("outlet_unknown", f"no outlet {report.outlet} is registered")
    return day


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= EARLIEST.date() else None


def facts_of(report: TillClosed) -> Facts:
    """What two reports of one closing must agree in: CLOSING's."""
    return tuple([getattr(report, name) for name in CLOSING])


def closed_otherwise(report: TillClosed, recorded: Facts) -> Conflict:
    """A till that closes a day again with other totals. `recorded`: those that stand, for a person who compares."""
    return Conflict(
        "till_closed_changed",
        f"{report.subject} is recorded with other totals; the recorded ones stand",
        candidates=[dict(zip(CLOSING, recorded, strict=True))],
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """How many events, and the rupiah that they come to."""

    events: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What was made of a closing when it was last looked at."""

    closing: int
    state: ClosingState
    tied_at: datetime | None
    finding: UUID | None


@dataclass(frozen=True, slots=True)
class Check:
    """The last closing of a day beside what is recorded; `missing`: its numbers that nothing has come with.

    `touched`: something of that day has just been recorded, so more may be on its way.
    """

    outlet: str
    till: str
    day: date
    closing: int
    version: int
    reported: Totals
    counted: Totals
    missing: Numbers
    touched: bool
    before: Standing | None

    @property
    def agrees(self) -> bool:
        return self.reported == self.counted and not self.missing

    @property
    def known(self) -> Standing | None:
        """How this closing stood; what was made of one that it replaces does not count."""
        return self.before if self.before and self.before.closing == self.closing else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ties`: for the first time. `differs`: a person should look. `due_at`: when to look again."""

    check: Check
    state: ClosingState
    tied_at: datetime | None = None
    due_at: datetime | None = None
    ties: bool = False
    differs: bool = False


def compare(check: Check, at: datetime, grace: timedelta) -> Verdict:
    """Reports overtake each other and their closing: what differs is told only when nothing came for `grace`."""
    known = check.known
    tied_at = known.tied_at if known else None
    if check.agrees:
        return Verdict(check, "tied", tied_at or at, ties=tied_at is None)
    if check.touched or known is None:
        state: ClosingState = "differs" if known and known.state == "differs" else "open"
        return Verdict(check, state, tied_at, at + grace)
    return Verdict(check, "differs", tied_at, differs=True)
