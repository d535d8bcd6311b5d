"""The bank file as it comes back: the layout that was handed out, with what became of each row."""

from collections.abc import Sequence
from typing import NamedTuple, get_args

from pydantic import ValidationError

from shared.contracts.sales.paying import MOST_RESULTS, RowResult
from shared.contracts.sales.rows import Outcome
from shared.errors import Invalid
from shared.tables import read_csv, unreadable

BANK_COLUMNS = (
    "batch", "attempt_key", "payee_kind", "payee", "cooperative", "bank", "account_number", "account_name", "amount",
    "reference",
)  # fmt: skip
NEEDED = ("attempt_key", "outcome")
TOTAL = "TOTAL"
"""What the last row begins with; then how many rows there were, and in the column `amount` their sum."""


class Line(NamedTuple):
    """A result and the number of its row in the file."""

    number: int
    result: RowResult


def read_results(content: bytes) -> list[Line]:
    """Raises Invalid with each row that cannot be read, and when the total does not tie out."""
    rows = read_csv(content)
    columns = [name.strip().lower() for name in next(rows, (0, []))[1]]
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        raise unreadable(f"no column {' and '.join(lacking)}; needed are {' and '.join(NEEDED)}")
    lines, faults, total = list[Line](), list[dict[str, str]](), None
    for number, row in rows:
        cells = dict(zip(columns, row, strict=False))
        if row[0].upper() == TOTAL:
            total = (number, cells)
            continue
        try:
            lines.append(Line(number, _result(cells)))
        except _Unreadable as fault:
            faults.append({"field": f"line {number}", "reason": str(fault)})
    if not (0 < len(lines) <= MOST_RESULTS or faults):
        raise unreadable(f"it has {len(lines)} results; it must have 1 to {MOST_RESULTS}")
    if total and not faults:
        faults += _check_total(total, lines)
    if faults:
        sentence = "; ".join([f"{one['field']}: {one['reason']}" for one in faults[:3]])
        raise Invalid("results_unreadable", f"nothing was booked. {sentence}", errors=faults)
    return lines


class _Unreadable(Exception):
    """Says what is wrong with a row."""


def _result(cells: dict[str, str]) -> RowResult:
    outcome, amount = cells.get("outcome", "").lower(), cells.get("amount", "")
    if outcome not in get_args(Outcome):
        raise _Unreadable(f"outcome is none of {', '.join(get_args(Outcome))}")
    if amount and not _figure(amount):
        raise _Unreadable("amount is not in whole rupiah, without dots")
    facts = {"attempt_key": cells["attempt_key"], "outcome": outcome, "reason": cells.get("reason") or None}
    try:
        return RowResult.model_validate(facts | {"amount": int(amount) if amount else None})
    except ValidationError as error:
        raise _Unreadable(f"{error.errors()[0]['loc'][0]} cannot be read") from None


def _figure(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _check_total(total: tuple[int, dict[str, str]], lines: Sequence[Line]) -> list[dict[str, str]]:
    """What is told of it: how many there are, and their sum where each says its amount. Its first cell is its name."""
    number, cells = total
    amounts = [line.result.amount for line in lines]
    told = {"attempt_key": len(lines)}
    if None not in amounts:
        told["amount"] = sum([amount or 0 for amount in amounts])
    return [
        {"field": f"line {number}", "reason": f"{TOTAL}: {name} says {cells[name]}, the rows say {value}"}
        for name, value in told.items()
        if cells.get(name, "").upper() not in ("", TOTAL, str(value))
    ]
