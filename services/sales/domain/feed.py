"""What is common to all lines that tills report: the natural key, and whether two reports say the same."""

from typing import Any

from shared.contracts.outlets import ReturnReported, SaleReported
from shared.errors import Conflict

Key = tuple[str, int, str, str]
"""(receipt, line, outlet, till): one line of one receipt, whatever id its report has."""

Facts = tuple[Any, ...]


def key_of(report: SaleReported | ReturnReported) -> Key:
    return (report.receipt, report.line, report.outlet, report.till)


def facts_of_sale(report: SaleReported) -> Facts:
    """What two reports of one sale must agree in."""
    return (report.sku, report.quantity, report.unit_price, report.discount, report.sold_at, report.serial)


def facts_of_return(report: ReturnReported) -> Facts:
    """What two reports of one return must agree in."""
    return (
        report.sku,
        report.quantity,
        report.returned_at,
        report.original_receipt,
        report.original_line,
        report.serial,
    )


def line_changed(report: SaleReported | ReturnReported) -> Conflict:
    """A till that says something else of a line that is recorded."""
    return Conflict("receipt_line_changed", f"{report.subject} is recorded with other facts; the recorded ones stand")
