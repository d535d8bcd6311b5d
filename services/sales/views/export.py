"""The general ledger of a month as a file, of any size: it is written as it is read, and its totals tie out."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.sales.domain.periods import following, spell
from services.sales.storage.periods import list_movements
from services.sales.views.entries import COLUMNS, DRESSED
from shared.db import Connection
from shared.errors import Bug

NAMES = {"id": "entry_id", "day": "business_day"}
HEADER = [NAMES.get(column, column) for column in COLUMNS]
"""The columns, as they are published in docs/books.md."""

TOLD = ("till", "receipt")
"""What tills wrote: no spreadsheet is to take it for a formula."""

_SHOWN = ", ".join(
    [
        f"CASE WHEN {column} ~ E'^[-=+@\\\\t\\\\r]' THEN '''' || {column} ELSE {column} END AS {column}"
        if column in TOLD
        else f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS {column}"
        if column == "recorded_at"
        else f"{column} AS {NAMES.get(column, column)}"
        for column in COLUMNS
    ]
)

MONTH = f"""
    WITH entry AS (
        SELECT * FROM transfer WHERE day >= $1 AND day < $2 AND booked = day
        UNION ALL
        SELECT * FROM transfer WHERE booked > day AND booked >= $1 AND booked < $2
    )
    SELECT {_SHOWN} FROM ({DRESSED}) dressed
"""  # noqa: S608 - literals of ours
"""What is booked in a month: most of it on its own day, and what was late for the months before."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines of a file come to."""

    entries: int
    amount: int


async def export_month(connection: Connection, first: date, path: Path) -> Totals:
    """All of one moment. The last line holds the totals; raises Bug when lines and trial balance do not agree."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        end = following(first)
        await connection.copy_from_query(MONTH, first, end, output=path, format="csv", header=True)
        figures = await list_movements(connection, first, end)
    told = add_up(path)
    booked = {sum([row[side] for row in figures]) for side in ("debit", "credit")}
    if booked != {told.amount}:
        raise Bug("export_differs", f"the file comes to {told.amount}, the trial balance to {sorted(booked)}")
    with path.open("a", newline="") as file:
        last = {"entry_id": "total", "booked": spell(first), "amount": told.amount, "cause": told.entries}
        csv.DictWriter(file, HEADER, lineterminator="\n").writerow(last)
    return told


def add_up(path: Path) -> Totals:
    """Line by line."""
    entries = amount = 0
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            entries += 1
            amount += int(row["amount"])
    return Totals(entries, amount)
