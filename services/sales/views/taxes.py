"""A maker's year as a tax office would look at it, and all makers' years by turnover."""

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from services.sales.domain import tax as domain
from services.sales.domain.tax import Month, Rule
from services.sales.storage import taxes as storage
from services.sales.storage.settlement.books import get_maker_account
from services.sales.storage.taxes import MOST, Sold
from shared.contracts.message import Document
from shared.contracts.sales.taxes import (
    ExportTax,
    GetMakerTax,
    ListTax,
    ListTaxRules,
    MakerTax,
    TaxCorrection,
    TaxLine,
    TaxMonth,
    TaxRule,
    TaxRules,
    TaxYear,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor, foreign

COLUMNS = ("maker_id", "year", "turnover", "corrected", "taxable", "tax")


async def list_rules(_: Received[ListTaxRules], tx: Tx) -> TaxRules:
    """The first one first."""
    return TaxRules(items=[_rule(rule) for rule in await storage.list_rules(tx)])


async def get_maker_tax(query: Received[GetMakerTax], tx: Tx) -> MakerTax:
    """Her year, month by month. Raises NotFound for a maker who is not known."""
    asked = query.data
    if await get_maker_account(tx, asked.maker_id) is None:
        raise NotFound("maker_unknown", f"maker {asked.maker_id} is not known")
    by_month, by_day = defaultdict[date, int](int), defaultdict[date, int](int)
    for row in await storage.list_parts(tx, asked.year, asked.maker_id):
        by_month[row["month"]] += row["amount"]
        if row["told_on"]:
            by_day[row["told_on"]] += row["amount"]
    rules = await storage.list_rules(tx)
    months = domain.reckon(asked.year, by_month, rules)
    return MakerTax(
        maker_id=asked.maker_id,
        year=asked.year,
        turnover=months[-1].cumulative,
        taxable=sum([month.taxable for month in months]),
        tax=sum([month.tax for month in months]),
        months=[TaxMonth(**month._asdict()) for month in months],
        corrections=[TaxCorrection(told_on=day, amount=by_day[day]) for day in sorted(by_day) if by_day[day]],
        rules=[_rule(rule) for rule in domain.rules_of(asked.year, rules)],
    )


async def list_tax(query: Received[ListTax], tx: Tx) -> TaxYear:
    """The highest turnover first."""
    asked = query.data
    found = await storage.list_sold(tx, asked.year, asked.above, asked.limit + 1, _place(asked.cursor))
    rules, shown = await storage.list_rules(tx), found[: asked.limit]
    items = [_line(sold, domain.reckon(asked.year, sold.months, rules)) for sold in shown]
    following = encode_cursor(items[-1].turnover, items[-1].maker_id) if len(found) > len(shown) else None
    return TaxYear(year=asked.year, items=items, next=following)


async def export_tax(query: Received[ExportTax], tx: Tx) -> Document:
    """Everybody of whom anything was sold or taken back."""
    year = query.data.year
    sold, rules = await storage.list_sold(tx, year, -MOST), await storage.list_rules(tx)
    content = await asyncio.to_thread(write_csv, year, sold, rules)
    return Document(media_type="text/csv", filename=f"tax-{year}.csv", content=content)


def write_csv(year: int, sold: Sequence[Sold], rules: Sequence[Rule]) -> bytes:
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow([*COLUMNS, *[f"{month:%m}" for month in domain.months_of(year)]])
    for one in sold:
        months = domain.reckon(year, one.months, rules)
        line = _line(one, months)
        figures = [line.turnover, line.corrected, line.taxable, line.tax]
        table.writerow([line.maker_id, year, *figures, *[month.turnover for month in months]])
    return file.getvalue().encode()


def _line(sold: Sold, months: Sequence[Month]) -> TaxLine:
    return TaxLine(
        maker_id=sold.maker_id,
        turnover=sold.turnover,
        corrected=sold.corrected,
        taxable=sum([month.taxable for month in months]),
        tax=sum([month.tax for month in months]),
    )


def _rule(rule: Rule) -> TaxRule:
    return TaxRule(**rule._asdict())


def _place(cursor: str | None) -> tuple[int, str]:
    """The turnover and the maker that the last page ended with."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return MOST, ""
    if not (values[0].isascii() and values[0].isdecimal() and int(values[0]) <= MOST):
        raise foreign()
    return int(values[0]), values[1]
