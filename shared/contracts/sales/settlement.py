"""Settlement: payouts through the cooperatives, and debts that are written off."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Event, Moment, Page, Part, Query, Text

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
PayoutState = Literal["frozen", "approved", "paid", "cancelled"]
WriteOffState = Literal["proposed", "posted", "cancelled"]


class Days(Part):
    """Business days: `since`, or from the first one on; to the day before `until`, or without an end."""

    since: Day | None
    until: Day | None


class PayoutLine(Part):
    """What one maker gets, in rupiah.

    `days`: the days of sale that the line is about, those on which her home was the cooperative's; none: all of them.

    `gross`: what she earned since her last payout. `debt`: what she owed besides, for pieces that came back after they
    had been paid out; of it `recovery` is kept back. `amount = gross - recovery` is paid.
    """

    maker_id: UUID
    gross: int
    debt: int
    recovery: int
    amount: int
    days: list[Days] = Field(default_factory=list)


class PaidLine(Part):
    maker_id: UUID
    amount: int


class PayoutFrozen(Event, wire="sales.PayoutFrozen.v1", about=("payout_id",)):
    """These makers' money is about to be paid through their cooperative. What comes later goes to the next batch."""

    payout_id: UUID
    cooperative: Code
    lines: list[PayoutLine]
    frozen_at: Moment


class PayoutApproved(Event, wire="sales.PayoutApproved.v1", about=("payout_id",)):
    """Two people have agreed to it."""

    payout_id: UUID
    cooperative: Code


class PayoutPaid(Event, wire="sales.PayoutPaid.v1", about=("payout_id",)):
    """So much is no longer owed to the makers but to the cooperative that pays them."""

    payout_id: UUID
    cooperative: Code
    lines: list[PaidLine]
    paid_at: Moment


class PayoutCancelled(Event, wire="sales.PayoutCancelled.v1", about=("payout_id",)):
    """Nothing of it is paid; its makers can be in another batch."""

    payout_id: UUID
    cooperative: Code


class WriteOffProposed(Event, wire="sales.WriteOffProposed.v1", about=("write_off_id",)):
    write_off_id: UUID
    maker_id: UUID
    amount: int


class DebtWrittenOff(Event, wire="sales.DebtWrittenOff.v1", about=("write_off_id",)):
    """The programme bears so much of what the maker owed."""

    write_off_id: UUID
    maker_id: UUID
    amount: int
    written_off_at: Moment


class WriteOffCancelled(Event, wire="sales.WriteOffCancelled.v1", about=("write_off_id",)):
    write_off_id: UUID
    maker_id: UUID


class Approval(Part):
    by: str
    at: Moment


class Step(Part):
    """When it came to this state, and through whom."""

    state: str
    by: str
    at: Moment
    note: str | None


class PayoutHead(Part):
    """A batch without its lines. `day`: the business day on which it was frozen; `total` of what is paid."""

    payout_id: UUID
    cooperative: Code
    state: PayoutState
    day: Day
    makers: int
    total: int
    approvals: list[Approval]
    steps: list[Step]


class Payout(PayoutHead):
    """`position`: the last entry of the ledger that was summed."""

    position: int
    lines: list[PayoutLine]


class Payouts(Part):
    items: list[PayoutHead]
    next: str | None


class WriteOff(Part):
    write_off_id: UUID
    maker_id: UUID
    amount: int
    reason: str
    state: WriteOffState
    approvals: list[Approval]
    steps: list[Step]


class WriteOffs(Part):
    items: list[WriteOff]
    next: str | None


class Debt(Part):
    """A maker whose account is below 0: by `owed`, `since` then without a break. Nothing is added to it."""

    maker_id: UUID
    owed: int
    since: Moment


class Debts(Part):
    items: list[Debt]
    next: str | None


class FreezePayout(Command[Payout], wire="sales.FreezePayout.v1"):
    """A batch of what is owed to the makers who live with this cooperative today.

    Who is in a batch that is neither paid nor cancelled is left out. A batch has up to 1,000 makers; freeze another
    one for more.
    """

    cooperative: Code
    note: Text | None = None


class ApprovePayout(Command[Payout], wire="sales.ApprovePayout.v1"):
    """Two people must. Who froze the batch may be one of them."""

    payout_id: UUID


class RecordPaid(Command[Payout], wire="sales.RecordPaid.v1"):
    """The cooperative has been given the whole batch."""

    payout_id: UUID
    note: Text | None = None


class CancelPayout(Command[Payout], wire="sales.CancelPayout.v1"):
    """As long as fewer than two people have agreed to it."""

    payout_id: UUID
    reason: Reason


class GetPayout(Query[Payout], wire="sales.GetPayout.v1"):
    payout_id: UUID


class ListPayouts(Page[Payouts], wire="sales.ListPayouts.v1"):
    """The newest first."""

    cooperative: Code | None = None
    state: PayoutState | None = None


class ListDebts(Page[Debts], wire="sales.ListDebts.v1"):
    """By maker."""


class ProposeWriteOff(Command[WriteOff], wire="sales.ProposeWriteOff.v1"):
    maker_id: UUID
    amount: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000_000)]
    reason: Reason


class ApproveWriteOff(Command[WriteOff], wire="sales.ApproveWriteOff.v1"):
    """Two people must. Who proposed it may be one of them; with the second one it is posted."""

    write_off_id: UUID


class CancelWriteOff(Command[WriteOff], wire="sales.CancelWriteOff.v1"):
    write_off_id: UUID
    reason: Reason


class GetWriteOff(Query[WriteOff], wire="sales.GetWriteOff.v1"):
    write_off_id: UUID


class ListWriteOffs(Page[WriteOffs], wire="sales.ListWriteOffs.v1"):
    """The newest first."""

    maker_id: UUID | None = None
    state: WriteOffState | None = None


EVENTS: tuple[type[Event], ...] = (
    PayoutFrozen,
    PayoutApproved,
    PayoutPaid,
    PayoutCancelled,
    WriteOffProposed,
    DebtWrittenOff,
    WriteOffCancelled,
)
