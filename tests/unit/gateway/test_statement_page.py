"""The page on which a maker reads her statement: hers alone, in her language, on a small phone, without any script."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest

from services.gateway.public.page import STYLE_HASH
from services.gateway.public.statement import MOST_SHOWN
from shared.contracts.catalog.origins import GetOrigins, Origins
from shared.contracts.sales import StatementLine
from shared.contracts.sales.loans import ListLoans, LoanHead, Loans
from shared.contracts.sales.statements import PublishedStatement, ReadStatement
from shared.contracts.training.names import GetNames, MakerName, MakerNames
from shared.errors import NotFound, Unavailable
from tests.unit.gateway.readers import Answers, Sources, read
from tests.unit.gateway.statements import ANI, NOON, PAYOUT, a_payout, a_sale, a_statement

TOKEN = "AAAAAAAAAAAAAAAAAAAAAQ-_zzzzzzzzzzzzzzzzzzz"
PATH = f"/statements/{TOKEN}"


def published(*lines: StatementLine, **other: Any) -> PublishedStatement:
    whole = a_statement(*lines, since=None, until=None)
    facts = {
        "statement_id": UUID(int=9),
        "month": "2026-11",
        "published_at": NOON,
        "expires_at": NOON + timedelta(days=90),
    }
    return PublishedStatement(**{**whole.model_dump(), **facts, **other})


def a_loan(**other: Any) -> LoanHead:
    facts: dict[str, Any] = {
        "loan_id": UUID(int=8), "maker_id": ANI, "lender": "kop", "state": "disbursed", "principal": 1_000_000,
        "service": 60_000, "months": 6, "service_fee_bps": 100, "deduction_bps": 2_000, "floor_income": 300_000,
        "purpose": "loom", "applied_on": date(2026, 9, 1), "disbursed_on": date(2026, 9, 5), "repaid": 300_000,
        "pending": 0, "outstanding": 760_000, "due": 100_000, "arrears": 76_666, "mandate": None, "approvals": [],
        "steps": [],
    }  # fmt: skip
    return LoanHead(**facts | other)


def answers(statement: PublishedStatement | None = None, **other: Any) -> Answers:
    name = other.get("name", "Siti Aminah")
    return {
        ReadStatement: statement or published(),
        GetNames: MakerNames(items=[MakerName(maker_id=ANI, name=name)]),
        ListLoans: Loans(items=other.get("loans", []), next=None),
        GetOrigins: Origins(items=[]),
    }


async def test_she_reads_what_was_sold_where_and_what_she_gets() -> None:
    page = await read(PATH, answers())
    assert page.status_code == 200
    for told in (
        "Ibu Siti Aminah",
        "November 2026",
        "Terjual: Selendang parang",
        "citos, 1 buah, 536365/1",
        "Pembeli membayar Rp700.000: gerai Rp175.000, program Rp70.000",
        "Dibayarkan kepada Ibu",
        "21 Nov 2026",
        "19 Feb 2027",
    ):
        assert told in page.text
    assert page.headers["content-language"] == "id"


async def test_beginning_and_sums_are_the_end() -> None:
    lines = [a_sale(), a_sale(2, 910_000), a_sale(3, 455_000, kind="return", amount=-455_000), a_payout(4)]
    page = await read(PATH, answers(published(*lines)))
    figures = re.findall(r"<dt>([^<]+)</dt><dd>(?:<strong>)?(-?)Rp([0-9.]+)", page.text.split("<h2>")[0])
    told = {name: int(sign + digits.replace(".", "")) for name, sign, digits in figures}
    assert told["Di awal"] + sum([told[name] for name in told if not name.startswith("Di a")]) == told["Di akhir"]
    assert told == {
        "Di awal": 0,
        "Terjual": 910_000,
        "Dikembalikan pembeli": -455_000,
        "Dibayarkan kepada Ibu": -455_000,
        "Di akhir": 0,
    }


async def test_what_waits_is_told_with_what_it_waits_for() -> None:
    lines = [
        a_sale(1, waits="outlet", waiting_amount=455_000, due_by=date(2026, 12, 7)),
        a_sale(2, 910_000, waits="outlet", waiting_amount=400_000),
        a_sale(3, 1_365_000, waits="hold", waiting_amount=455_000, payable_from=date(2026, 11, 28)),
        a_sale(4, 1_820_000, payout_id=PAYOUT, payout_state="held"),
    ]
    page = await read(PATH, answers(published(*lines)))
    assert "<dt>Menunggu setoran gerai</dt><dd>Rp855.000</dd>" in page.text
    assert "Menunggu masa tunggu, mulai 28 Nov 2026" in page.text
    assert "Menunggu setoran gerai, paling lambat 7 Des 2026" in page.text
    assert "Dalam pembayaran: ditahan, sedang diperiksa" in page.text


async def test_what_is_left_of_her_loan_is_told_while_she_has_one() -> None:
    page = await read(PATH, answers(loans=[a_loan()]))
    assert "<strong>Rp760.000</strong>" in page.text
    assert "Rp176.666" in page.text
    assert "Sisa pinjaman" not in (await read(PATH, answers())).text


async def test_a_debt_is_called_one_and_nothing_is_asked_for() -> None:
    page = await read(PATH, answers(published(a_sale(1, -455_000, kind="return", amount=-455_000))))
    assert "Ibu masih punya utang" in page.text
    assert "Rp455.000</strong></p>" in page.text
    assert "bayar sekarang" not in page.text.lower()


async def test_the_page_is_told_in_english_too() -> None:
    page = await read(PATH, answers(loans=[a_loan()]), **{"accept-language": "en"})
    for told in ("Statement", "Sold: Selendang parang", "Paid to you", "Left of your loan", "Ibu Siti Aminah"):
        assert told in page.text
    assert page.headers["content-language"] == "en"


async def test_nothing_is_loaded_sent_or_kept() -> None:
    page = await read(PATH, answers(name="<img src=//x>", statement=published(a_sale(title="<script>x</script>"))))
    sources = Sources(page.text)
    assert sources.loaded == []
    assert sources.handlers == []
    assert not sources.tags & {"script", "link", "iframe", "form", "img"}
    assert sorted(sources.links) == sorted(["?lang=en", f"{PATH}/pdf"])
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    policy = page.headers["content-security-policy"]
    assert f"style-src 'sha256-{STYLE_HASH}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


async def test_it_fits_a_phone_that_is_320_wide() -> None:
    page = await read(PATH, answers())
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page.text
    assert not re.search(r"(?<!max-)(?<!min-)width:\s*\d{3,}px", page.text)
    assert "<table" not in page.text


async def test_a_long_statement_shows_the_newest_and_says_how_many_more_there_are() -> None:
    lines = [a_sale(number, number * 455_000) for number in range(1, MOST_SHOWN + 8)]
    page = await read(PATH, answers(published(*lines)))
    assert page.text.count("<li>") == MOST_SHOWN
    assert "Masih ada 7 lagi" in page.text


@pytest.mark.parametrize(
    "path", [PATH, "/statements/none", f"/statements/{'x' * 300}", "/statements/%00", f"{PATH}/pdf"]
)
async def test_a_link_that_opens_nothing_tells_nothing(path: str) -> None:
    page = await read(path, {ReadStatement: NotFound("statement_expired", "this link has expired")})
    assert page.status_code == 404
    assert "expired" not in page.text
    assert "90 hari" in page.text


async def test_without_training_she_is_greeted_without_her_name() -> None:
    away = answers() | {GetNames: Unavailable("unavailable", "away"), ListLoans: Unavailable("unavailable", "away")}
    page = await read(PATH, away)
    assert page.status_code == 200
    assert "<h1>Ibu</h1>" in page.text


async def test_who_was_registered_as_ibu_is_called_so_once() -> None:
    assert "<h1>Ibu Siti Aminah</h1>" in (await read(PATH, answers(name="Ibu Siti Aminah"))).text


async def test_while_sales_is_away_nothing_is_told() -> None:
    page = await read(PATH, {ReadStatement: Unavailable("unavailable", "away")})
    assert page.status_code == 503
    assert "Rp" not in page.text.split("<main>")[1]


async def test_all_of_it_can_be_kept_as_a_file() -> None:
    file = await read(f"{PATH}/pdf", answers())
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == 'attachment; filename="laporan-2026-11.pdf"'
    text = pypdfium2.PdfDocument(file.content)[0].get_textpage().get_text_range()
    assert "Ibu Siti Aminah" in text
    assert "2026-11, dibuat / made up 21 November 2026" in text
