"""Paying a batch: it is sent once, each of its rows has an outcome, and nothing is paid twice."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Document, Event, Moment, Name, Page, Part, Query, Text, Upload
from shared.contracts.sales.rows import AttemptKey, Outcome, RowState, TriedRow
from shared.contracts.sales.settlement import LoanPart, Payout, PayoutLine, PayoutState

MOST_RESULTS = 2_000
Said = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Digits = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9][0-9 .-]{3,29}[0-9]$")]


class ListedItem(Part):
    """An entry of a maker's account, `kind` as of a `PayoutItem`: of the sale or, of returns, of the return `id`."""

    maker_id: UUID
    kind: Literal["sale", "return", "void", "return-void"]
    id: UUID
    amount: int
    earned: bool = True


class PayoutItemsListed(Event, wire="sales.PayoutItemsListed.v1", about=("payout_id",)):
    """What a batch that was frozen is made of; in several events when it is much."""

    payout_id: UUID
    items: list[ListedItem]


class PayoutSent(Event, wire="sales.PayoutSent.v1", about=("payout_id",)):
    """Its rows are to be paid, under these keys; what it repays of loans is posted, once."""

    payout_id: UUID
    cooperative: Code
    rows: list[TriedRow]
    loans: list[LoanPart] = Field(default_factory=list)
    sent_at: Moment


class PayoutLinesFailed(Event, wire="sales.PayoutLinesFailed.v1", about=("payout_id",)):
    """Their money did not arrive: it is owed as before, until they are tried again."""

    payout_id: UUID
    cooperative: Code
    rows: list[TriedRow]
    failed_at: Moment


class PayoutLinesHeld(Event, wire="sales.PayoutLinesHeld.v1", about=("payout_id",)):
    """Nobody knows whether they were paid. They are not tried again before that is known."""

    payout_id: UUID
    cooperative: Code
    rows: list[TriedRow]
    held_at: Moment


class PayoutLinesRetried(Event, wire="sales.PayoutLinesRetried.v1", about=("payout_id",)):
    """They had failed, and are tried again under these keys."""

    payout_id: UUID
    cooperative: Code
    rows: list[TriedRow]
    retried_at: Moment


class RowResult(Part):
    """What became of an attempt. `unknown`: the row is held until somebody knows. `amount`: when told, it must fit."""

    attempt_key: AttemptKey
    outcome: Outcome
    amount: int | None = None
    reason: Said | None = None


class BookedResult(Part):
    """`news`: it was not known before. `state`: the row's, now."""

    attempt_key: AttemptKey
    maker_id: UUID | None
    lender: Code | None
    amount: int
    state: RowState
    news: bool


class PayoutResults(Part):
    """`state`: the batch's, now. `results`: in the order of what was told."""

    payout_id: UUID
    state: PayoutState
    results: list[BookedResult]


class SendPayout(Command[Payout], wire="sales.SendPayout.v1"):
    """To the bank or the cooperative, when two have agreed to it: each row gets the key that its outcome names."""

    payout_id: UUID
    note: Text | None = None


class RecordResults(Command[PayoutResults], wire="sales.RecordResults.v1"):
    """What became of rows. All of them are booked, or none and every fault is named; the same again changes nothing."""

    payout_id: UUID
    results: Annotated[list[RowResult], Field(min_length=1, max_length=MOST_RESULTS)]


class ImportResults(
    Upload[PayoutResults], wire="sales.ImportResults.v1", accepts=("text/csv",), most_bytes=2 * 1024 * 1024
):
    """The bank file as it comes back, with two columns more: `outcome` (paid, failed, unknown) and `reason`.

    Only `attempt_key` and `outcome` are needed. Where there is an `amount`, it must be the row's; where there is a
    last row `TOTAL`, it must tie out.
    """

    payout_id: UUID


class RetryRows(Command[Payout], wire="sales.RetryRows.v1"):
    """Rows that have failed are pending again, each under a new key. What was repaid of a loan stays repaid."""

    payout_id: UUID
    maker_ids: list[UUID] = Field(default_factory=list, max_length=MOST_RESULTS)
    lenders: list[Code] = Field(default_factory=list, max_length=100)


class GetBankFile(Query[Document], wire="sales.GetBankFile.v1"):
    """A row for each payee who is pending. The same again, with the same keys, for as long as nothing is known."""

    payout_id: UUID


class Cooperative(Part):
    """Where a cooperative is paid, from `valid_from` on, when two people have said the same: `by` and `confirmed_by`.

    What one alone has said is `proposed`.
    """

    code: Code
    name: str
    bank: str
    account_number: str
    account_name: str
    valid_from: Day
    by: str
    at: Moment
    confirmed_by: str | None
    state: Literal["proposed", "past", "current", "coming"]


class Cooperatives(Part):
    items: list[Cooperative]
    next: str | None


class SetCooperative(Command[Cooperative], wire="sales.SetCooperative.v1"):
    """The cooperative's own account, an institution's. From `valid_from` on; today when it is left out.

    It holds when two people have said the same: money never goes where one alone has sent it.
    """

    code: Code
    name: Name
    bank: Name
    account_number: Digits
    account_name: Name
    valid_from: Day | None = None


class ListCooperatives(Page[Cooperatives], wire="sales.ListCooperatives.v1"):
    """By cooperative, what holds last first, with all that was ever said."""

    code: Code | None = None


class PayoutItem(Part):
    """An entry of a maker's account that a line pays, or takes back.

    `kind`: sale, return, void, return-void (a return that was taken back: sold after all); on business day `day`. Of
    what was sold which, on receipt `receipt`; `sold_on`: the business day of sale. `earned`: it is part of the line's
    gross; if not, it had been paid before and is part of the debt.
    """

    kind: Literal["sale", "return", "void", "return-void"]
    amount: int
    earned: bool
    day: Day
    quantity: int
    sale_id: UUID
    sold_on: Day
    outlet: Code
    till: str
    receipt: str
    line: int
    sku: str


class PayoutItems(Part):
    """A line with what it is made of, in the order in which it was recorded."""

    payout_id: UUID
    line: PayoutLine
    items: list[PayoutItem]
    next: str | None


class ListPayoutItems(Page[PayoutItems], wire="sales.ListPayoutItems.v1"):
    """What a maker's line is made of: every sale of hers that it pays, and what came back."""

    payout_id: UUID
    maker_id: UUID


EVENTS: tuple[type[Event], ...] = (
    PayoutItemsListed,
    PayoutSent,
    PayoutLinesFailed,
    PayoutLinesHeld,
    PayoutLinesRetried,
)
