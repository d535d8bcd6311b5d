"""Statements of outlets and cooperatives as files."""

import asyncio
import csv
from io import StringIO
from uuid import UUID

from services.gateway.papers.paper import Ask, get_names
from services.gateway.papers.sheet import Column, Row, Sheet, draw
from services.gateway.papers.thread import file_name
from services.gateway.papers.words import kind_of, period, short_day
from shared.contracts.message import Document
from shared.contracts.sales.parties import (
    CooperativeLine,
    CooperativeStatement,
    GetCooperativeStatement,
    GetOutletStatement,
    OutletLine,
    OutletStatement,
)
from shared.money import rupiah

OF_OUTLET = (
    Column("Tanggal", "Date", 27, right=False),
    Column("Keterangan", "What", 84, right=False),
    Column("Banyaknya", "Number", 24),
    Column("Tagihan", "Receivable", 33),
    Column("Komisi", "Commission", 33),
    Column("Saldo komisi", "Commission balance", 33),
    Column("Saldo tagihan", "Receivable balance", 33),
)
OF_COOPERATIVE = (
    Column("Tanggal", "Date", 27, right=False),
    Column("Keterangan", "What", 120, right=False),
    Column("Rekening", "Account", 40),
    Column("Jumlah", "Amount", 40),
    Column("Saldo", "Balance", 40),
)
ACCOUNTS = {"cooperative-payable": "Utang program / payable", "loan-capital": "Modal pinjaman / capital"}
BOM = "\ufeff"
"""Without it spreadsheets misread what is not English."""


async def outlet_pdf(asked: GetOutletStatement, statement: OutletStatement, _: Ask) -> Document:
    content = await asyncio.to_thread(draw, outlet_sheet(statement))
    name = file_name("outlet", asked.code, statement, "pdf")
    return Document(media_type="application/pdf", filename=name, content=content)


async def outlet_csv(asked: GetOutletStatement, statement: OutletStatement, _: Ask) -> Document:
    """UTF-8 with a byte order mark, commas, one line each; the first and the last are opening and closing."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    columns = list(OutletLine.model_fields)
    writer.writerow(columns)
    edge = {"receivable": 0, "commission": 0, "facts": 0}
    for day, kind, moment in ((statement.since, "opening", "opening"), (statement.until, "closing", "closing")):
        balances = {
            "receivable_balance": getattr(statement.receivable, moment),
            "commission_balance": getattr(statement.commission, moment),
        }
        if kind == "closing":
            writer.writerows([[_cell(line, column) for column in columns] for line in statement.items])
        writer.writerow([{"booked": day, "kind": kind, **edge, **balances}.get(column, "") for column in columns])
    name = file_name("outlet", asked.code, statement, "csv")
    return Document(media_type="text/csv", filename=name, content=(BOM + text.getvalue()).encode())


def _cell(line: OutletLine, column: str) -> object:
    value = getattr(line, column)
    return "" if value is None else value


def outlet_sheet(statement: OutletStatement) -> Sheet:
    """What is printed."""
    receivable, commission = statement.receivable, statement.commission
    opening = _edge("Saldo awal / opening", commission.opening, receivable.opening)
    closing = _edge("Saldo akhir / closing", commission.closing, receivable.closing)
    after = [
        "!Ringkasan / summary",
        f"Terjual / sold {rupiah(statement.sold)}, kembali / returned {rupiah(statement.returned)}",
        f"Komisi gerai / commission {rupiah(statement.earned)}",
        f"Disetor / handed over {rupiah(statement.remitted)}, komisi ditahan / kept {rupiah(statement.kept)}",
        f"!Masih harus disetor / still to be handed over {rupiah(statement.open)}",
    ]
    heads = [f"!{statement.outlet}", f"Masa / period: {period(statement.since, statement.until)}"]
    rows = [opening, *[_outlet_row(line) for line in statement.items], closing]
    return Sheet("Laporan gerai / outlet's statement", heads, OF_OUTLET, rows, after)


def _edge(what: str, commission: int, receivable: int) -> Row:
    return Row(["", what, "", "", "", rupiah(commission), rupiah(receivable)], bold=True)


def _outlet_row(line: OutletLine) -> Row:
    cells = [
        short_day(line.booked),
        kind_of(line.kind, 0),
        f"{line.facts}",
        rupiah(line.receivable),
        rupiah(line.commission),
        rupiah(line.commission_balance),
        rupiah(line.receivable_balance),
    ]
    return Row(cells, [f"Setoran / remittance {line.remittance_id}"] if line.remittance_id else [])


async def cooperative_pdf(asked: GetCooperativeStatement, statement: CooperativeStatement, ask: Ask) -> Document:
    """With the makers' names, asked for now: the cooperative pays them by name."""
    names = await get_names(ask, [line.maker_id for line in statement.items if line.maker_id])
    content = await asyncio.to_thread(draw, cooperative_sheet(statement, names))
    name = file_name("cooperative", asked.code, statement, "pdf")
    return Document(media_type="application/pdf", filename=name, content=content)


def cooperative_sheet(statement: CooperativeStatement, names: dict[UUID, str]) -> Sheet:
    """What is printed: one account after the other, so that each balance runs."""
    rows: list[Row] = []
    for account, its in (("cooperative-payable", statement.payable), ("loan-capital", statement.capital)):
        rows.append(Row(["", f"{ACCOUNTS[account]}: saldo awal / opening", "", "", rupiah(its.opening)], bold=True))
        rows += [_cooperative_row(line, names) for line in statement.items if line.account == account]
        rows.append(Row(["", f"{ACCOUNTS[account]}: saldo akhir / closing", "", "", rupiah(its.closing)], bold=True))
    heads = [f"!{statement.cooperative}", f"Masa / period: {period(statement.since, statement.until)}"]
    return Sheet("Laporan koperasi / cooperative's statement", heads, OF_COOPERATIVE, rows, _batches(statement))


def _cooperative_row(line: CooperativeLine, names: dict[UUID, str]) -> Row:
    whose = f": {names.get(line.maker_id, line.maker_id)}" if line.maker_id else ""
    notes = [f"Entri / entry {line.entry}"]
    notes += [f"Pembayaran / payout {line.payout_id}"] if line.payout_id else []
    notes += [f"Pinjaman / loan {line.loan_id}"] if line.loan_id else []
    account = ACCOUNTS[line.account].partition(" / ")[0]
    what = f"{kind_of(line.kind, 0)}{whose}"
    return Row([short_day(line.booked), what, account, rupiah(line.amount), rupiah(line.balance)], notes)


def _batches(statement: CooperativeStatement) -> list[str]:
    """Batch by batch, and what all of it came to."""
    lines = [
        f"{one.payout_id}: dibayarkan / paid on {rupiah(one.paid_on)}, dari bank / from the bank "
        f"{rupiah(one.from_bank)}, cicilan / repaid {rupiah(one.repaid)}, jasa / fees {rupiah(one.service_fees)}"
        for one in statement.batches
    ]
    total = (
        f"!Dibayarkan / paid on {rupiah(statement.paid_on)}, dari bank / from the bank {rupiah(statement.from_bank)}, "
        f"dipinjamkan / lent {rupiah(statement.lent)}, cicilan / repaid {rupiah(statement.repaid)}, "
        f"jasa / fees {rupiah(statement.service_fees)}"
    )
    return ["!Per pembayaran / by batch", *lines, total]
