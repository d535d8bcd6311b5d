"""What a remittance posts, and what an outlet owes by period."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.rhythms import Period, Rhythm, period_of
from shared.contracts.sales.owed import Due
from shared.errors import Rejected


class Purses(NamedTuple):
    """The accounts that a remittance moves."""

    bank: int
    receivable: int
    commission: int


class Matched(NamedTuple):
    """What a remittance settled: `due` for `facts` about `sales`, of which the outlet keeps `kept`. And what stays open
    of the days that it is for: `waiting` sales.
    """

    due: int
    kept: int
    sales: int
    facts: int
    waiting: int
    waiting_due: int


class OpenDay(NamedTuple):
    """What moved on an outlet's accounts for one business day, and how much of it is not settled."""

    day: date
    sold: int
    returned: int
    commission: int
    remitted: int
    commission_open: int

    @property
    def due(self) -> int:
        return self.sold - self.returned - self.commission


def post_remittance(fact: Fact, purses: Purses, amount: int, kept: int) -> list[Transfer]:
    """The money has come; what the outlet keeps it need not hand over. Below 0 it gives commission back."""
    posted = [Transfer(fact.no, "remittance", purses.bank, purses.receivable, amount, fact.day)]
    if kept:
        sides = (purses.commission, purses.receivable) if kept > 0 else (purses.receivable, purses.commission)
        posted.append(Transfer(fact.no, "commission", *sides, abs(kept), fact.day))
    return posted


def post_back(fact: Fact, posted: Iterable[Transfer]) -> list[Transfer]:
    """The mirror image of what was posted, when nothing of it was true."""
    return [
        Transfer(fact.no, one.kind, debit=one.credit, credit=one.debit, amount=one.amount, day=fact.day)
        for one in posted
    ]


def check_days(received_on: date, through: date, today: date) -> None:
    """Raises Rejected for money that has not come yet, or that is for days to come."""
    if received_on > today:
        raise Rejected("received_in_the_future", f"{received_on} is not over: today is {today}")
    if through > received_on:
        raise Rejected("through_after_receipt", f"money of {received_on} cannot be for sales up to {through}")


def kept_of(posted: Iterable[Transfer], commission: int) -> int:
    """What the outlet was to keep by what a remittance has posted; `commission`: its account."""
    return sum([one.amount if one.debit == commission else -one.amount for one in posted if one.kind == "commission"])


def check_reversal(in_payout: bool, on_account: int) -> None:
    """Raises Rejected when makers may have been paid of it, or other sales are settled with what it left over.

    `on_account`: what would be left of the outlet's money without it.
    """
    if in_payout:
        raise Rejected(
            "remittance_in_payout", "a sale that it settled is in a payout: cancel that, or correct the next"
        )
    if on_account < 0:
        raise Rejected("remittance_counted_on", f"later remittances count on {-on_account} of it: reverse these first")


def list_periods(days: Iterable[OpenDay], agreed: Sequence[Rhythm], on_account: int, today: date) -> list[Due]:
    """What is owed of each period of which anything is known, the oldest first. `days`: in their order.

    A period is late when it should have been remitted by now, and what is on account does not reach for it.
    """
    found: dict[Period, list[OpenDay]] = {}
    period: Period | None = None
    for day in days:
        if period is None or not period.since <= day.day <= period.through:
            period = period_of(day.day, agreed)
        found.setdefault(period, []).append(day)
    dues, left = [], on_account
    for period, of_period in found.items():
        due = _due(period, of_period)
        left -= due.open
        dues.append(due.model_copy(update={"late": due.open > 0 > left and due.due_by < today}))
    return dues


def _due(period: Period, days: Sequence[OpenDay]) -> Due:
    due, remitted = sum([day.due for day in days]), sum([day.remitted for day in days])
    return Due(
        **period._asdict(),
        sold=sum([day.sold for day in days]),
        returned=sum([day.returned for day in days]),
        commission=sum([day.commission for day in days]),
        due=due,
        remitted=remitted,
        open=due - remitted,
        commission_open=sum([day.commission_open for day in days]),
        late=False,
    )
