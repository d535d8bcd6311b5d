"""The real till data: lines of receipts as the file has them, in rupiah and in Jakarta's time."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

FILE = Path(__file__).parent / "data" / "online_retail_2010-12.csv"
RUPIAH_PER_POUND = 20_000
SHIFT = timedelta(weeks=832)
"""5,824 days: whole weeks, so a Wednesday stays one. 1 December 2010 becomes 11 November 2026."""

JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a receipt: `place` counts from 1, `price` is for a piece, a `quantity` below 0 left the books."""

    receipt: str
    place: int
    code: str
    title: str
    quantity: int
    price: int
    at: datetime
    customer: str

    @property
    def sku(self) -> str:
        """The stock code, made safe for a label."""
        return sku_of(self.code)

    @property
    def is_return(self) -> bool:
        """The shop's credit notes have a number that starts with C."""
        return self.receipt.startswith("C")

    @property
    def is_sale(self) -> bool:
        """Pieces that a buyer took; else it is a return or a write-off."""
        return self.quantity > 0 and not self.is_return


def sku_of(code: str) -> str:
    """`BANK CHARGES` becomes `BANK-CHARGES`."""
    return code.replace(" ", "-")


def read_lines(file: Path = FILE) -> list[Line]:
    """Every line, in the file's order. A repeated line is a line of its own."""
    places: dict[str, int] = {}
    lines = []
    with file.open(encoding="utf-8-sig", newline="") as source:
        for row in csv.DictReader(source, delimiter=";"):
            receipt = row["InvoiceNo"]
            places[receipt] = places.get(receipt, 0) + 1
            lines.append(_line(row, places[receipt]))
    return lines


def _line(row: dict[str, str], place: int) -> Line:
    at = datetime.strptime(row["InvoiceDate"], "%d/%m/%Y %H:%M").replace(tzinfo=JAKARTA)
    return Line(
        receipt=row["InvoiceNo"],
        place=place,
        code=row["StockCode"],
        title=" ".join(row["Description"].split()),
        quantity=int(row["Quantity"]),
        price=to_rupiah(row["UnitPrice"]),
        at=at + SHIFT,
        customer=row["CustomerID"],
    )


def to_rupiah(pounds: str) -> int:
    """Exact: a price that is no whole number of rupiah is an error, never rounded."""
    rupiah = Decimal(pounds.replace(",", ".")) * RUPIAH_PER_POUND
    if rupiah != rupiah.to_integral_value():
        raise ValueError(f"{pounds} pounds is no whole number of rupiah")
    return int(rupiah)
