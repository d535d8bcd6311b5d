"""Tax watch: what each maker sold in a year, and which tax that would be. Nothing is ever withheld for it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.contracts.message import BasisPoints, Command, Day, Document, Event, Page, Part, Query, Rupiah


def _first_of_month(day: date) -> date:
    if day.day != 1:
        raise PydanticCustomError("worded", "must be the first day of a month")
    return day


Month = Annotated[Day, AfterValidator(_first_of_month)]
"""The first day of a month."""

Year = Annotated[int, Field(ge=2000, lt=2100)]


class TaxRule(Part):
    """From the start of that month on: what is free of a year's turnover; of what is above it `bps` are tax."""

    valid_from: Month
    free: Rupiah
    bps: BasisPoints


class TaxRules(Part):
    items: list[TaxRule]


class TaxMonth(Part):
    """`turnover`: what buyers paid, less what came back; `cumulative`: of the year up to the end of the month.

    `taxable` and `tax` are the month's part of the year's; below 0 when pieces came back that had been taxed.
    """

    month: Day
    turnover: int
    cumulative: int
    taxable: int
    tax: int


class TaxCorrection(Part):
    """What the year's turnover changed by, through what was told of on a day after its end."""

    told_on: Day
    amount: int


class MakerTax(Part):
    """A maker's year: the price that buyers paid, before the outlet's and the programme's shares.

    A sale counts on its business day; what comes back counts on the day on which it came back, in another year too.
    Of a piece with several makers each has her part. `corrections`: what of `turnover` was not known when the year
    ended. The tax is reported and never withheld.
    """

    maker_id: UUID
    year: int
    turnover: int
    taxable: int
    tax: int
    months: list[TaxMonth]
    corrections: list[TaxCorrection]
    rules: list[TaxRule]


class TaxLine(Part):
    """A maker's year in short. `corrected`: what of `turnover` was told of after the end of the year."""

    maker_id: UUID
    turnover: int
    corrected: int
    taxable: int
    tax: int


class TaxYear(Part):
    year: int
    items: list[TaxLine]
    next: str | None


class TaxRuleAdded(Event, wire="sales.TaxRuleAdded.v1", about=("valid_from",)):
    """From the start of that month on this rule holds."""

    valid_from: Day
    free: int
    bps: int


class TaxThresholdPassed(Event, wire="sales.TaxThresholdPassed.v1", about=("maker_id", "year")):
    """Buyers have paid more than `free` for her pieces in this year. Told once a year."""

    maker_id: UUID
    year: int
    free: int


class AddTaxRule(Command[TaxRules], wire="sales.AddTaxRule.v1"):
    """From the start of a month on. One of a month that has not begun can be replaced, no other."""

    valid_from: Month
    free: Rupiah
    bps: BasisPoints


class ListTaxRules(Query[TaxRules], wire="sales.ListTaxRules.v1"):
    """The first one first."""


class GetMakerTax(Query[MakerTax], wire="sales.GetMakerTax.v1"):
    maker_id: UUID
    year: Year


class ListTax(Page[TaxYear], wire="sales.ListTax.v1"):
    """Who sold for more than `above` in that year, the highest turnover first."""

    year: Year
    above: Rupiah = 0


class ExportTax(Query[Document], wire="sales.ExportTax.v1"):
    """A year as a table without names: UTF-8, commas, one line for each maker, the highest turnover first.

    Columns: `maker_id,year,turnover,corrected,taxable,tax` and the turnover of each month, `01` to `12`.
    """

    year: Year


EVENTS: tuple[type[Event], ...] = (TaxRuleAdded, TaxThresholdPassed)
