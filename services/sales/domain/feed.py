"""What is common to all lines that tills report: the natural key, and whether two reports say the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.sales.domain.calendar import in_jakarta
from services.sales.domain.units import piece_of
from shared.contracts.outlets import ReturnReported, SaleReported, VoidReported
from shared.errors import Conflict

Key = tuple[str, int, str, str]
"""(receipt, line, outlet, till): one line of one receipt, whatever id its report has."""

Facts = tuple[Any, ...]

SALE = ("sku", "quantity", "unit_price", "discount", "sold_at", "serial", "promo_id")
RETURN = (
    "sku",
    "quantity",
    "returned_at",
    "original_receipt",
    "original_line",
    "original_outlet",
    "original_till",
    "serial",
)
"""The facts of a line, in the order in which they are compared and stored."""


class Recorded(NamedTuple):
    """A line as it was recorded: once, or again when a person said that the first was wrong (`version`)."""

    no: int
    version: int
    facts: Facts


def key_of(report: SaleReported | ReturnReported) -> Key:
    return (report.receipt, report.line, report.outlet, report.till)


def facts_of_sale(report: SaleReported) -> Facts:
    """What two reports of one sale must agree in: SALE's, whatever moves goods or money; the piece by its name here."""
    *facts, serial, promo_id = [getattr(report, name) for name in SALE]
    return (*facts, piece_of(report.outlet, serial), promo_id)


def facts_of_return(report: ReturnReported) -> Facts:
    """What two reports of one return must agree in: RETURN's."""
    return tuple([getattr(report, name) for name in RETURN])


def line_changed(
    report: SaleReported | ReturnReported | VoidReported, names: Sequence[str] = (), recorded: Facts = ()
) -> Conflict:
    """A till that says something else of a line that is recorded. `recorded`: what is, for a person who compares."""
    facts = {
        name: in_jakarta(fact) if isinstance(fact, datetime) else fact
        for name, fact in zip(names, recorded, strict=True)
    }
    return Conflict(
        "receipt_line_changed",
        f"{report.subject} is recorded with other facts; the recorded ones stand",
        candidates=[facts] if facts else None,
    )
