"""What outlets' tills report: facts that have already happened, from outside. Owner: the outlet."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Count, Event, Moment, Quantity, Rupiah, Sku, Text

Till = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Receipt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Line = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Serial = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Exchange = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
"""What a till calls an exchange: the lines that came back and the lines that were sold for them carry the same name."""


class TillReport(Event):
    """What all reports of a till have in common."""

    outlet: Code
    till: Till
    till_seq: Count | None = None


class SaleReported(TillReport, wire="outlet.SaleReported.v1", about=("outlet", "till", "receipt", "line")):
    """A line of a receipt: pieces of one SKU sold at `unit_price`, less `discount` for the line."""

    receipt: Receipt
    line: Line
    sku: Sku
    quantity: Quantity
    unit_price: Rupiah
    sold_at: Moment
    serial: Serial | None = None
    discount: Rupiah = 0
    promo_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    exchange: Exchange | None = None


class ReturnReported(TillReport, wire="outlet.ReturnReported.v1", about=("outlet", "till", "receipt", "line")):
    """Pieces that a buyer brought back. Named by the receipt line they were sold on, or by the piece's serial.

    Without `original_outlet` the line is one of the outlet that takes the piece back, and without `original_till` one
    of the till that does: two tills may use the same receipt numbers. When neither line nor serial is named a person
    decides where it belongs.
    """

    receipt: Receipt
    line: Line
    sku: Sku
    quantity: Quantity
    returned_at: Moment
    original_receipt: Receipt | None = None
    original_line: Line | None = None
    original_outlet: Code | None = None
    original_till: Till | None = None
    serial: Serial | None = None
    reason: Text | None = None
    exchange: Exchange | None = None


class VoidReported(TillReport, wire="outlet.VoidReported.v1", about=("outlet", "till", "receipt")):
    """A whole receipt that the till took back: every line of it that was sold until then."""

    receipt: Receipt
    voided_at: Moment


class TillClosed(TillReport, wire="outlet.TillClosed.v1", about=("outlet", "till", "business_date")):
    """A till's control totals for one business day in Jakarta.

    `events`: how many sale lines, return lines and voids it reported; `total`: what was sold less what was given back,
    in rupiah; `first_seq`, `last_seq`: the first and the last `till_seq` of the day.
    """

    business_date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    events: Count
    total: Annotated[int, Field(strict=True, gt=-(2**63), lt=2**63)]
    first_seq: Count | None = None
    last_seq: Count | None = None


TILL_REPORTS: tuple[type[TillReport], ...] = (SaleReported, ReturnReported, VoidReported, TillClosed)
