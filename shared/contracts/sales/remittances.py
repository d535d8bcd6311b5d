"""Remittances: the money that outlets hand over, the sales that it settles, and what they still owe."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Event, Moment, Page, Part, Sku, Why
from shared.contracts.sales.events import Share
from shared.contracts.sales.owed import Dues, LateOutlets

PART = 500
"""What one event tells of at most: a remittance of a month's sales has many."""

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,63}$")]
"""The bank's name for a transfer: no names of people, no account numbers."""

Received = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000_000)]
WaitsFor = Literal["hold", "outlet", "payable"]
Fact = Literal["sale", "return", "void", "return-void"]
"""What can be owed for; `void` of a sale, `return-void` of a return."""


class RemittanceMatched(Event, wire="sales.RemittanceMatched.v1", about=("remittance_id",)):
    """An outlet has handed `amount` over, for its sales up to the business day `through`.

    It settled all that is known by now of so many `sales`: `facts`, which `SalesRemitted` tells one by one. `due`: what
    was owed for these, less the `commission` that the outlet keeps of them. `on_account`: what is left over with all
    that was left over before; it counts at the next remittance.
    """

    remittance_id: UUID
    outlet: Code
    amount: int
    received_on: Day
    through: Day
    reference: Reference
    due: int
    commission: int
    sales: int
    facts: int
    on_account: int
    recorded_at: Moment


class SalesRemitted(Event, wire="sales.SalesRemitted.v1", about=("remittance_id", "upto")):
    """What a remittance settled, up to 500 facts: each by its id with what was `due` for it, in rupiah.

    `sales`, and `voids` of sales, by sale id; `returns`, and `return_voids`, by return id. `upto`: so many of the
    remittance's facts are told with this.
    """

    remittance_id: UUID
    outlet: Code
    upto: int
    sales: dict[UUID, int] = Field(default_factory=dict)
    returns: dict[UUID, int] = Field(default_factory=dict)
    voids: dict[UUID, int] = Field(default_factory=dict)
    return_voids: dict[UUID, int] = Field(default_factory=dict)


class RemittanceShort(Event, wire="sales.RemittanceShort.v1", about=("remittance_id",)):
    """Sales up to `through` stay unsettled, `sales` of them: `missing = expected - received`, or 0 when the money is
    there and the outlet has said that it is for others.
    """

    remittance_id: UUID
    outlet: Code
    through: Day
    expected: int
    received: int
    missing: int
    sales: int


class MakersWaiting(Event, wire="sales.MakersWaiting.v1", about=("outlet", "through")):
    """Makers wait for an outlet's money: it has not come for all that was sold up to `through`. Up to 500, each with
    what of these sales is hers. Told once for a period, with the first money that is short, and of no sale that the
    programme advances.
    """

    outlet: Code
    through: Day
    shares: Annotated[list[Share], Field(min_length=1, max_length=PART)]


class RemittanceReversed(Event, wire="sales.RemittanceReversed.v1", about=("remittance_id",)):
    """It was entered wrong: nothing of it stands, and the `facts` that it settled are open again."""

    remittance_id: UUID
    outlet: Code
    amount: int
    commission: int
    facts: int
    reversed_at: Moment


class Receipt(Part):
    till: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    receipt: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Reversal(Part):
    """When and by whom a remittance was taken back, and why."""

    at: Moment
    by: str
    reason: str


class Remittance(Part):
    """`amount` was received; it settled so many `facts`: sales, and what took pieces of them back, for which `due` was
    owed. When that is more, the difference had been on account; when it is less, it is now.
    """

    remittance_id: UUID
    outlet: Code
    amount: int
    received_on: Day
    through: Day
    reference: str
    recorded_at: Moment
    by: str
    due: int
    facts: int
    reversal: Reversal | None


class RecordedRemittance(Remittance):
    """What it came to: it settled all of so many `sales`, of which the outlet keeps `commission`. `on_account`: of the
    outlet's money, nothing is settled with it yet. `waiting`: sales up to `through` that stay
    open, for which `missing` has not come. `unmatched`: receipts that were named and not settled.
    """

    commission: int
    sales: int
    on_account: int
    waiting: int
    missing: int
    unmatched: list[Receipt]


class Remittances(Part):
    items: list[Remittance]
    next: str | None


class RemittedFact(Part):
    """What a remittance settled. `fact`: the sale itself, or what took pieces of it back; it was told of for `day`.

    `due`: what the outlet owed for it; below 0 the programme owed the outlet. `outlet`: which sold it.
    """

    fact: Fact
    sale_id: UUID
    outlet: Code
    till: str
    receipt: str
    line: int
    sku: Sku
    day: Day
    due: int


class RemittanceWithFacts(Remittance):
    """With the `commission` that the outlet keeps of what it settled."""

    commission: int
    items: list[RemittedFact]
    next: str | None


class WaitingSale(Part):
    """A sale of hers that is in no payout yet, and what of it is hers, less what came back.

    `why`: `hold`, it may be paid from `held_until` on; `outlet`, that has not remitted it: it should by `due_by`, and
    is `late` when it has not by then; `payable`, it goes into the next batch.
    """

    sale_id: UUID
    sku: Sku
    outlet: Code
    till: str
    receipt: str
    line: int
    day: Day
    amount: int
    why: WaitsFor
    held_until: Day
    remitted: bool
    due_by: Day | None
    late: bool


class Waiting(Part):
    """What a maker waits for, the oldest sale first; the sums are of all her sales that are in no payout yet."""

    maker_id: UUID
    hold: int
    outlet: int
    payable: int
    items: list[WaitingSale]
    next: str | None


class RecordRemittance(Command[RecordedRemittance], wire="sales.RecordRemittance.v1"):
    """Money that an outlet has handed over, for its sales up to the business day `through`: when that is left out, for
    the last period that was over when it was received.

    It settles whole sales, the oldest first, as far as it reaches; when `receipts` are named, only these. What pieces
    that came back were worth counts as money.
    """

    code: Code
    amount: Received
    received_on: Day
    reference: Reference
    through: Day | None = None
    receipts: Annotated[list[Receipt], Field(min_length=1, max_length=10_000)] | None = None


class ReverseRemittance(Command[Remittance], wire="sales.ReverseRemittance.v1"):
    """It was entered wrong. Not when one of its sales is in a payout, or a later remittance counts on its money."""

    remittance_id: UUID
    reason: Why


class ListRemittances(Page[Remittances], wire="sales.ListRemittances.v1"):
    """The newest first."""

    outlet: Code | None = None


class GetRemittance(Page[RemittanceWithFacts], wire="sales.GetRemittance.v1"):
    """With what it settled."""

    remittance_id: UUID


class GetDues(Page[Dues], wire="sales.GetDues.v1"):
    """What an outlet owes, period by period."""

    code: Code


class ListLateOutlets(Page[LateOutlets], wire="sales.ListLateOutlets.v1"):
    """By code: outlets that owe of a period that should have been remitted by now."""


class GetWaiting(Page[Waiting], wire="sales.GetWaiting.v1"):
    """Why a maker has not been paid yet, sale by sale."""

    maker_id: UUID


EVENTS: tuple[type[Event], ...] = (
    RemittanceMatched,
    SalesRemitted,
    RemittanceShort,
    MakersWaiting,
    RemittanceReversed,
)
