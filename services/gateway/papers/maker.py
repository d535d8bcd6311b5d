"""A maker's statement as files: a PDF that she or an accountant reads, and all of it as JSON."""

import asyncio
import json
from collections.abc import Iterator

from services.gateway.papers.paper import Ask
from services.gateway.papers.sheet import Column, Row, Sheet, draw
from services.gateway.papers.thread import Thread, as_json, file_name, follow
from services.gateway.papers.words import CRAFTS, STATES, WAITS, addressed, kind_of, long_day, period, short_day
from shared.contracts.message import Document
from shared.contracts.sales import GetStatement, Statement, StatementLine
from shared.contracts.sales.statements import PublishedStatement
from shared.contracts.training.learning import Learnt, SessionAttended
from shared.money import rupiah

SESSIONS_A_LINE = 4
COLUMNS = (
    Column("Tanggal", "Date", 23, right=False),
    Column("Keterangan", "What", 84, right=False),
    Column("Dibayar pembeli", "Buyer paid", 30),
    Column("Gerai", "Outlet", 25),
    Column("Program", "Programme", 24),
    Column("Rekan", "Co-makers", 24),
    Column("Ibu", "Yours", 27),
    Column("Saldo", "Balance", 30),
)


async def statement_pdf(asked: GetStatement, statement: Statement, ask: Ask) -> Document:
    """Indonesian first. Her name is asked for now and kept nowhere."""
    told = period(statement.since, statement.until)
    content = await asyncio.to_thread(draw, sheet(await follow(ask, statement), told))
    name = file_name("statement", asked.maker_id, statement, "pdf")
    return Document(media_type="application/pdf", filename=name, content=content)


async def published_pdf(statement: PublishedStatement, ask: Ask) -> Document:
    """The same of a statement that was made up."""
    told = f"{statement.month}, dibuat / made up {long_day(statement.published_at)}"
    content = await asyncio.to_thread(draw, sheet(await follow(ask, statement), told))
    return Document(media_type="application/pdf", filename=f"laporan-{statement.month}.pdf", content=content)


async def statement_json(asked: GetStatement, statement: Statement, ask: Ask) -> Document:
    """Every line from the rupiah back to the minutes."""
    content = json.dumps(as_json(await follow(ask, statement)), ensure_ascii=False, indent=1).encode()
    name = file_name("statement", asked.maker_id, statement, "json")
    return Document(media_type="application/json", filename=name, content=content)


def sheet(thread: Thread, told: str) -> Sheet:
    """What is printed. `told`: of which time it is."""
    statement = thread.statement
    heads = [
        f"!{addressed(thread.name)}",
        f"Masa / period: {told}",
        f"Nomor perajin / maker: {statement.maker_id}",
        "Yang dicatat terlambat masuk masa berikutnya / what is recorded late is in the next period",
    ]
    opening = Row(["", "Saldo awal / opening", "", "", "", "", "", rupiah(statement.opening)], bold=True)
    added = rupiah(statement.closing - statement.opening)
    closing = Row(["", "Saldo akhir / closing", "", "", "", "", added, rupiah(statement.closing)], bold=True)
    rows = [opening, *[_row(line) for line in thread.lines], closing]
    return Sheet("Laporan uang perajin / maker's statement", heads, COLUMNS, rows, [*_after(thread)])


def _row(line: StatementLine) -> Row:
    of_piece = line.net is not None
    sign = -1 if line.amount < 0 else 1
    parts = [line.net, line.outlet_share, line.programme_share, line.co_makers_share]
    what = kind_of(line.kind, line.amount) + (f": {line.title or line.sku} × {line.quantity}" if of_piece else "")
    return Row(
        [
            short_day(line.at),
            what,
            *[rupiah(sign * (part or 0)) if of_piece else "" for part in parts],
            rupiah(line.amount),
            rupiah(line.balance),
        ],
        [*_notes(line)],
    )


def _notes(line: StatementLine) -> Iterator[str]:
    """Where it came from and what has become of it, with the ids by which it is found again."""
    recorded = f", dicatat / recorded {short_day(line.recorded_at)}" if line.recorded_at else ""
    yield f"Entri / entry {line.entry}{recorded}"
    if line.receipt:
        price = f"{line.quantity} × {rupiah(line.unit_price or 0)}"
        less = f" - {rupiah(line.discount)}" if line.discount else ""
        yield f"{line.sku}, {line.outlet}, {line.till}, struk / receipt {line.receipt}/{line.line}, {price}{less}"
        yield f"Penjualan / sale {line.sale_id}"
    if line.remittance_id and line.remitted_on:
        yield f"Gerai sudah menyetor / remitted {short_day(line.remitted_on)}: {line.remittance_id}"
    if line.payout_id:
        state = f", {STATES.get(line.payout_state, line.payout_state)}" if line.payout_state else ""
        yield f"Pembayaran / payout {line.payout_id}{state}"
    if line.loan_id:
        yield f"Pinjaman / loan {line.loan_id}"
    if line.waits:
        until = line.payable_from or line.due_by
        yield WAITS[line.waits] + (f" ({short_day(until)})" if until else "")
    if line.write_off_id:
        yield f"Penghapusan / write-off {line.write_off_id}"


def _after(thread: Thread) -> Iterator[str]:
    """The minutes behind the pieces."""
    if thread.learnt:
        yield "!Pelatihan di baliknya / the training behind it"
    for one in thread.learnt:
        yield _course(one)
        for start in range(0, len(one.sessions), SESSIONS_A_LINE):
            held = one.sessions[start : start + SESSIONS_A_LINE]
            yield "    " + "; ".join([_session(session) for session in held])


def _course(one: Learnt) -> str:
    certificate = f", sertifikat {one.certificate}" if one.certificate else ""
    return f"{CRAFTS[one.craft]}: {one.title}, {one.minutes} menit{certificate} (angkatan {one.cohort_id})"


def _session(held: SessionAttended) -> str:
    return f"pertemuan {held.number}, {short_day(held.day)}: {held.minutes} menit"
