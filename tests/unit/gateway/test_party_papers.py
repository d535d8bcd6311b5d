"""What the statements of outlets and cooperatives say on paper."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pypdfium2

from services.gateway.papers.parties import cooperative_pdf, outlet_csv, outlet_pdf
from shared.contracts.message import Document
from shared.contracts.sales.parties import (
    AccountPeriod,
    BatchSum,
    CooperativeLine,
    CooperativeStatement,
    GetCooperativeStatement,
    GetOutletStatement,
    OutletLine,
    OutletStatement,
)
from tests.unit.gateway.statements import ANI, NOON, PAYOUT, REMITTED, ask

DAYS: dict[str, Any] = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}


def an_outlet() -> OutletStatement:
    lines = [
        OutletLine(
            booked=date(2026, 11, 2), kind="sale", facts=2, receivable=1_400_000, commission=350_000,
            receivable_balance=1_500_000, commission_balance=375_000, remittance_id=None,
        ),
        OutletLine(
            booked=date(2026, 11, 20), kind="remittance", facts=1, receivable=-525_000, commission=0,
            receivable_balance=975_000, commission_balance=375_000, remittance_id=REMITTED,
        ),
    ]  # fmt: skip
    return OutletStatement(
        outlet="citos", receivable=AccountPeriod(opening=100_000, closing=975_000),
        commission=AccountPeriod(opening=25_000, closing=375_000), sold=1_400_000, returned=0, earned=350_000,
        remitted=525_000, kept=0, open=600_000, items=lines, **DAYS,
    )  # fmt: skip


def a_cooperative() -> CooperativeStatement:
    facts: dict[str, Any] = {
        "booked": date(2026, 11, 21), "day": date(2026, 11, 21), "recorded_at": NOON, "maker_id": ANI,
        "payout_id": PAYOUT, "loan_id": None,
    }  # fmt: skip
    lines = [
        CooperativeLine(
            entry=1, account="cooperative-payable", kind="payout", amount=455_000, balance=455_000, **facts
        ),
        CooperativeLine(entry=2, account="cooperative-payable", kind="bank", amount=-455_000, balance=0, **facts),
    ]
    nothing = AccountPeriod(opening=0, closing=0)
    return CooperativeStatement(
        cooperative="kop-marunda", payable=nothing, capital=nothing, paid_on=455_000, from_bank=455_000, lent=0,
        repaid=0, service_fees=0, items=lines, next=None, **DAYS,
        batches=[BatchSum(payout_id=PAYOUT, paid_on=455_000, from_bank=455_000, repaid=0, service_fees=0)],
    )  # fmt: skip


def words(document: Document) -> str:
    assert document.media_type == "application/pdf"
    return "\n".join([page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document.content)])


async def test_an_outlet_reads_its_lines_and_what_it_has_still_to_hand_over() -> None:
    text = words(await outlet_pdf(GetOutletStatement(code="citos", **DAYS), an_outlet(), ask))
    for expected in (
        "Saldo awal / opening Rp25.000 Rp100.000",
        "2 Nov 2026 Terjual / sold 2 Rp1.400.000 Rp350.000 Rp375.000 Rp1.500.000",
        f"Setoran / remittance {REMITTED}",
        "Saldo akhir / closing Rp375.000 Rp975.000",
        "Masih harus disetor / still to be handed over Rp600.000",
    ):
        assert expected in text


async def test_an_outlets_table_begins_with_its_opening_and_ends_with_its_closing() -> None:
    document = await outlet_csv(GetOutletStatement(code="citos", **DAYS), an_outlet(), ask)
    assert document.filename == "outlet-citos-2026-11-01-2026-11-30.csv"
    rows = [*csv.DictReader(StringIO(document.content.decode("utf-8-sig")))]
    assert [row["kind"] for row in rows] == ["opening", "sale", "remittance", "closing"]
    running = int(rows[0]["receivable_balance"])
    for row in rows[1:-1]:
        running += int(row["receivable"])
        assert int(row["receivable_balance"]) == running
    assert int(rows[-1]["receivable_balance"]) == running


async def test_a_cooperative_reads_whom_it_paid_by_name_and_batch_by_batch() -> None:
    text = words(await cooperative_pdf(GetCooperativeStatement(code="kop-marunda", **DAYS), a_cooperative(), ask))
    for expected in (
        "21 Nov 2026 Dibayarkan / paid out: Siti Aminah Utang program Rp455.000 Rp455.000",
        f"{PAYOUT}: dibayarkan / paid on Rp455.000, dari bank / from the bank Rp455.000",
        "Modal pinjaman / capital: saldo akhir / closing Rp0",
    ):
        assert expected in text
