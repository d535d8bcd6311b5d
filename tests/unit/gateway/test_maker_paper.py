"""What a maker's statement says on paper, and as a file that machines read."""

import json
from datetime import date
from typing import Any

import pypdfium2

from services.gateway.papers.maker import statement_json, statement_pdf
from shared.contracts.message import Request
from shared.contracts.sales import GetStatement, Statement
from shared.contracts.training.names import GetNames, MakerNames
from tests.unit.gateway.statements import (
    ANI,
    COHORT,
    PAYOUT,
    REMITTED,
    SALE,
    SUBMISSION,
    a_sale,
    a_statement,
    ask,
)

ASKED = GetStatement(maker_id=ANI, since=date(2026, 11, 1), until=date(2026, 11, 30))


async def words(statement: Statement, asks: Any = ask) -> list[str]:
    document = await statement_pdf(ASKED, statement, asks)
    assert document.media_type == "application/pdf"
    found = pypdfium2.PdfDocument(document.content)
    return [line for page in found for line in page.get_textpage().get_text_range().splitlines()]


async def test_a_statement_says_whose_it_is_and_what_came_of_what() -> None:
    text = "\n".join(await words(a_statement()))
    for expected in (
        "Laporan uang perajin / maker's statement",
        "Ibu Siti Aminah",
        "1 November 2026 – 30 November 2026",
        "Saldo awal / opening Rp0",
        "21 Nov 2026 Terjual / sold: Selendang parang × 1 Rp700.000 Rp175.000 Rp70.000 Rp0 Rp455.000 Rp455.000",
        "BTK-0007, citos, till-1, struk / receipt 536365/1, 1 × Rp700.000",
        f"Penjualan / sale {SALE}",
        "21 Nov 2026 Dibayarkan / paid out -Rp455.000 Rp0",
        f"Pembayaran / payout {PAYOUT}",
        "Saldo akhir / closing Rp0 Rp0",
    ):
        assert expected in text


async def test_every_line_leads_back_to_the_minutes_in_which_the_craft_was_learnt() -> None:
    text = "\n".join(await words(a_statement()))
    assert f"Batik: Batik tulis, 360 menit, sertifikat KR-2026-BTK-00042 (angkatan {COHORT})" in text
    assert "pertemuan 1, 1 Mar 2026: 180 menit; pertemuan 2, 2 Mar 2026: 180 menit" in text


async def test_a_line_says_what_it_waits_for_or_who_has_paid() -> None:
    remitted = {"remittance_id": REMITTED, "remitted_on": date(2026, 11, 25)}
    lines = [
        a_sale(1, waits="outlet"),
        a_sale(2, 910_000, waits="hold", payable_from=date(2026, 11, 28)),
        a_sale(3, 1_365_000, waits="payable"),
        a_sale(4, 1_820_000, payout_id=PAYOUT, payout_state="held", **remitted),
    ]
    text = "\n".join(await words(a_statement(*lines)))
    assert "Menunggu setoran gerai / waiting for the outlet" in text
    assert "Menunggu masa tunggu / waiting for its hold days (28 Nov 2026)" in text
    assert "Menunggu pembayaran berikutnya / waiting for the next payout" in text
    assert f"Pembayaran / payout {PAYOUT}, ditahan / held" in text
    assert f"Gerai sudah menyetor / remitted 25 Nov 2026: {REMITTED}" in text


async def test_what_came_back_is_below_nothing_and_a_return_that_was_voided_is_not() -> None:
    back = a_sale(2, 0, kind="return", amount=-455_000)
    again = a_sale(3, 455_000, kind="void", amount=455_000)
    text = "\n".join(await words(a_statement(a_sale(), back, again)))
    assert "Dikembalikan / returned: Selendang parang × 1 -Rp700.000 -Rp175.000 -Rp70.000 Rp0 -Rp455.000 Rp0" in text
    assert "Pengembalian dibatalkan / return voided: Selendang parang × 1 Rp700.000" in text


async def test_a_long_statement_carries_its_balance_from_page_to_page() -> None:
    lines = [a_sale(number, number * 455_000) for number in range(1, 61)]
    text = await words(a_statement(*lines))
    carried = [line.split()[-1] for line in text if line.startswith("Pindahan / brought forward")]
    carries = [line.split()[-1] for line in text if line.startswith("Dipindahkan / carried forward")]
    assert len(carried) > 3
    assert carried == carries
    assert len([line for line in text if "Terjual / sold" in line]) == 60


async def test_nobody_is_named_who_is_not_known_any_more() -> None:
    async def forgotten(request: Request[Any]) -> Any:
        return MakerNames(items=[]) if isinstance(request, GetNames) else await ask(request)

    assert "Ibu" in await words(a_statement(), forgotten)


async def test_the_file_for_machines_holds_the_thread_from_the_rupiah_to_the_session() -> None:
    document = await statement_json(ASKED, a_statement(), ask)
    assert document.filename == f"statement-{ANI}-2026-11-01-2026-11-30.json"
    told = json.loads(document.content)
    sale, payout = told["lines"]
    assert told["opening"] + sale["amount"] + payout["amount"] == told["closing"]
    assert (sale["submission_id"], sale["craft"], sale["receipt"]) == (str(SUBMISSION), "batik", "536365")
    assert [held["minutes"] for held in told["learnt"][0]["sessions"]] == [180, 180]
    assert (told["name"], payout["payout_id"]) == ("Siti Aminah", str(PAYOUT))


async def test_a_statement_of_nothing_asks_for_no_sessions() -> None:
    empty = a_statement().model_copy(update={"items": [], "opening": 5, "closing": 5})
    text = "\n".join(await words(empty))
    assert "Saldo awal / opening Rp5" in text
    assert "pelatihan" not in text.lower()
