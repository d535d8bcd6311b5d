"""Settlement: payouts through the cooperatives, and debts that are written off."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Event, Moment, Page, Part, Query, Text
from shared.contracts.sales.rows import AttemptKey, PayoutRow, TriedRow

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
PayoutState = Literal["frozen", "approved", "sent", "partly_paid", "paid", "cancelled"]
WriteOffState = Literal["proposed", "posted", "cancelled"]


class PayoutLine(Part):
    """What one maker gets, in rupiah.

    `gross`: what she earned that is in no other line; of it `remitted` is of sales that their outlets have remitted.
    `debt`: what she owed besides, for pieces that came back after they had been paid out; of it `recovery` is kept
    back. `loan`: what is repaid of her loan. `amount = gross - recovery - loan` is paid.
    """

    maker_id: UUID
    gross: int
    debt: int
    recovery: int
    remitted: int = 0
    loan: int = 0
    amount: int


class FrozenLine(PayoutLine):
    """`items`: how many entries of her account it is made of."""

    items: int


class LoanPart(Part):
    """What of a line goes into the maker's loan: to its `lender`, which need not be the batch's cooperative."""

    loan_id: UUID
    maker_id: UUID
    lender: Code
    principal: int
    service: int


class PaidLine(Part):
    """Without an `attempt_key` it was only owed to the cooperative from then on: so it was before batches were sent."""

    maker_id: UUID
    amount: int
    attempt_key: AttemptKey | None = None


class PayoutFrozen(Event, wire="sales.PayoutFrozen.v1", about=("payout_id",)):
    """These makers' money is about to be paid through their cooperative. What comes later goes to the next batch.

    `loans`: what of the lines' `loan` is for which loan.
    """

    payout_id: UUID
    cooperative: Code
    lines: list[PayoutLine]
    frozen_at: Moment
    loans: list[LoanPart] = Field(default_factory=list)


class PayoutApproved(Event, wire="sales.PayoutApproved.v1", about=("payout_id",)):
    """Two people have agreed to it."""

    payout_id: UUID
    cooperative: Code


class PayoutPaid(Event, wire="sales.PayoutPaid.v1", about=("payout_id",)):
    """So much has gone to these makers through their cooperative, and to those that lent to them.

    `whole`: nothing of the batch is left to be paid.
    """

    payout_id: UUID
    cooperative: Code
    lines: list[PaidLine]
    lenders: list[TriedRow] = Field(default_factory=list)
    whole: bool = True
    paid_at: Moment


class PayoutCancelled(Event, wire="sales.PayoutCancelled.v1", about=("payout_id",)):
    """Nothing of it is paid; what it was made of can be in another batch."""

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
    """`rows`: who is paid, and what became of it, when it was sent."""

    lines: list[FrozenLine]
    rows: list[PayoutRow]


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
    """A batch of what is owed for what was sold on days when the makers lived with this cooperative.

    A sale is in it when it is in no other batch, its hold days are over, and its outlet has remitted it or the
    programme advances it. A batch has up to 1,000 makers; freeze another one for more.
    """

    cooperative: Code
    note: Text | None = None


class ApprovePayout(Command[Payout], wire="sales.ApprovePayout.v1"):
    """Two people must. Who froze the batch may be one of them."""

    payout_id: UUID


class RecordPaid(Command[Payout], wire="sales.RecordPaid.v1"):
    """All rows that were pending are paid; what was not sent yet is sent with it."""

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
