"""What is common to all lines that tills report: the natural key, and whether two reports say the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.sales.domain.units import piece_of
from shared.contracts.outlets import ReturnReported, SaleReported, VoidReported
from shared.errors import Conflict

Key = tuple[str, int, str, str]
"""(receipt, line, outlet, till): one line of one receipt, whatever id its report has."""

Facts = tuple[Any, ...]


class Recorded(NamedTuple):
    """A line as it was recorded: once, or again when a person said that the first was wrong (`version`)."""

    no: int
    version: int
    facts: Facts


FACTS_OF_SALE = ("sku", "quantity", "unit_price", "discount", "sold_at", "serial", "promo_id")


def key_of(report: SaleReported | ReturnReported) -> Key:
    return (report.receipt, report.line, report.outlet, report.till)


def facts_of_sale(report: SaleReported) -> Facts:
    """What two reports of one sale must agree in: whatever moves goods, or money from one party to another."""
    return (
        report.sku,
        report.quantity,
        report.unit_price,
        report.discount,
        report.sold_at,
        piece_of(report.outlet, report.serial),
        report.promo_id,
    )


def facts_of_return(report: ReturnReported) -> Facts:
    """What two reports of one return must agree in."""
    return (
        report.sku,
        report.quantity,
        report.returned_at,
        report.original_receipt,
        report.original_line,
        report.original_outlet,
        report.original_till,
        report.serial,
    )


def line_changed(
    report: SaleReported | ReturnReported | VoidReported, recorded: Sequence[tuple[str, object]] = ()
) -> Conflict:
    """A till that says something else of a line that is recorded. `recorded`: name and value of what is."""
    shown = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in recorded}
    return Conflict(
        "receipt_line_changed",
        f"{report.subject} is recorded with other facts; the recorded ones stand",
        candidates=[shown] if shown else None,
    )


def named_facts(facts: Facts) -> list[tuple[str, object]]:
    """What is recorded of a sale, for a person who has to choose."""
    return list(zip(FACTS_OF_SALE, facts, strict=True))
