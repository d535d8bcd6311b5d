"""What sales can be asked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import (
    BasisPoints,
    Code,
    Command,
    Day,
    Name,
    Page,
    Query,
    Sku,
    Wait,
    Why,
)
from shared.contracts.sales.events import Remits
from shared.contracts.sales.replies import FeedSummary, Outlet, Outlets, Sales, Statement, TrialBalance, VoidedSale


class RegisterOutlet(Command[Outlet], wire="sales.RegisterOutlet.v1"):
    code: Code
    name: Name
    place: Name


class ListOutlets(Page[Outlets], wire="sales.ListOutlets.v1"):
    """All outlets with their agreements."""


class AgreeTerms(Command[Outlet], wire="sales.AgreeTerms.v1"):
    """A dated agreement with an outlet; together the two shares are at most 100 %.

    Makers are paid `hold_days` after a sale, when the outlet has remitted what it owes of it; where the programme
    `advances`, also before. The outlet `remits` for each period, at the latest `grace_days` after its end.
    """

    code: Code
    valid_from: Day
    outlet_bps: BasisPoints
    programme_bps: BasisPoints
    hold_days: Wait = 7
    advances: bool = False
    remits: Remits = "monthly"
    grace_days: Wait = 7


class VoidSale(Command[VoidedSale], wire="sales.VoidSale.v1"):
    """Takes one line back, as far as it has not come back: a till counted it twice, say."""

    sale_id: UUID
    reason: Why


class ListSales(Page[Sales], wire="sales.ListSales.v1"):
    outlet: Code | None = None
    receipt: Annotated[str, Field(max_length=64)] | None = None
    sku: Sku | None = None


class GetStatement(Page[Statement], wire="sales.GetStatement.v1"):
    """The newest entries first: all of them, or those that were recorded from `since` to `until`, both days included.

    What is told late, or comes back, is in the period in which it was recorded: a period that is over does not change.
    """

    maker_id: UUID
    since: Day | None = None
    until: Day | None = None


class GetTrialBalance(Query[TrialBalance], wire="sales.GetTrialBalance.v1"):
    """All accounts and their sums; with `until`, of what was booked up to that day."""

    until: Day | None = None


class SummariseFeed(Query[FeedSummary], wire="sales.SummariseFeed.v1"):
    """What became of all that the tills reported."""
