"""What a look at tills as a whole finds: gaps, numbers that come again, twins of sales, totals that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.sales.domain.closings import Check, Totals
from services.sales.domain.findings import Finding, finding_id
from services.sales.domain.numbers import Numbers, as_facts, spell

MANY = 5
"""So many twins of one sale are no report that came twice: the till sells the same thing quickly, or is broken."""


def gap(outlet: str, till: str, missing: Numbers, at: datetime) -> Finding:
    return Finding(
        finding_id("sequence-gap", outlet, till, missing),
        "sequence-gap",
        outlet,
        till,
        f"{outlet}/{till}: {spell(missing)}",
        as_facts(missing),
        at,
    )


def restart(outlet: str, till: str, again: Numbers, no: int, at: datetime) -> Finding:
    """`no`: of the first fact that has such a number. It tells this restart from another one at the same number."""
    return Finding(
        finding_id("numbering-restarted", outlet, till, again, no),
        "numbering-restarted",
        outlet,
        till,
        f"{outlet}/{till}: {spell(again)}",
        as_facts(again),
        at,
    )


def difference(check: Check, parked: int, at: datetime) -> Finding:
    """Found again when other figures differ, not when the same do."""
    return Finding(
        finding_id("totals-differ", check.closing, check.counted, check.missing),
        "totals-differ",
        check.outlet,
        check.till,
        f"{check.outlet}/{check.till}/{check.day.isoformat()}",
        {
            "business_date": check.day.isoformat(),
            "version": check.version,
            "reported": _figures(check.reported),
            "counted": _figures(check.counted),
            "missing": as_facts(check.missing),
            "parked": parked,
        },
        at,
    )


def _figures(totals: Totals) -> dict[str, int]:
    return {"events": totals.events, "total": totals.total}


@dataclass(slots=True)
class _Twins:
    """Sales that look like one another, by their receipts."""

    row: Mapping[str, Any]
    many: bool
    sales: dict[UUID, str] = field(default_factory=dict)


def twins(rows: Iterable[Mapping[str, Any]], at: datetime) -> list[Finding]:
    """One finding for two receipts, whichever of them was seen first; one for a minute in which there were many."""
    found: dict[UUID, _Twins] = {}
    for row in rows:
        many = len(row["sale_ids"]) >= MANY
        receipts = sorted([row["receipt"], row["receipts"][0]])
        key = finding_id("suspected-duplicate", *_likeness(row), *([_minute(row)] if many else receipts))
        one = found.setdefault(key, _Twins(row, many))
        one.sales |= {row["sale_ids"][0]: row["receipts"][0], row["sale_id"]: row["receipt"]}
    return [_suspicion(key, one, at) for key, one in found.items()]


def _likeness(row: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple([row[name] for name in ("outlet", "till", "sku", "quantity", "unit_price", "discount")])


def _minute(row: Mapping[str, Any]) -> str:
    sold_at: datetime = row["sold_at"]
    return sold_at.isoformat(timespec="minutes")


def _suspicion(key: UUID, one: _Twins, at: datetime) -> Finding:
    row, receipts = one.row, sorted(set(one.sales.values()))
    return Finding(
        key,
        "suspected-duplicate",
        row["outlet"],
        row["till"],
        f"{row['outlet']}/{row['till']}: {row['sku']} on {', '.join(receipts[: MANY + 1])}",
        {
            "sku": row["sku"],
            "quantity": row["quantity"],
            "unit_price": row["unit_price"],
            "discount": row["discount"],
            "sold_at": row["sold_at"].isoformat(),
            "receipts": receipts[: MANY + 1],
            "sale_ids": [str(sale_id) for sale_id in list(one.sales)[: MANY + 1]],
            "many": one.many,
        },
        at,
    )
