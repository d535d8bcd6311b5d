"""What notices say, in both languages."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from services.notify import text
from services.notify.domain import Template
from shared.contracts.training import Lack, Language

SAMPLES: dict[Template, dict[str, Any]] = {
    Template.CERTIFICATE_ISSUED: {
        "number": "KR-2026-0001",
        "title": "Batik tulis",
        "minutes": 750,
        "issued_on": date(2026, 11, 21).isoformat(),
    },
    Template.PROPOSAL_MADE: {"kind": "order", "about": "B2B-2026-014", "due_on": "2026-11-28"},
    Template.SEAT_OFFERED: {
        "title": "Batik tulis",
        "expires_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.OFFER_EXPIRED: {"title": "Batik tulis"},
    Template.SESSION_MOVED: {
        "title": "Batik tulis",
        "number": 2,
        "planned_start": datetime(2026, 12, 1, 2, 0, tzinfo=UTC).isoformat(),
        "planned_minutes": 180,
        "place": "Aula Marunda",
        "earlier_start": datetime(2026, 11, 30, 2, 0, tzinfo=UTC).isoformat(),
    },
    Template.SESSION_CANCELLED: {
        "title": "Batik tulis",
        "number": 2,
        "planned_start": datetime(2026, 12, 1, 2, 0, tzinfo=UTC).isoformat(),
    },
    Template.CERTIFICATE_REVOKED: {
        "number": "KR-2026-0001",
        "title": "Batik tulis",
        "revoked_on": date(2026, 11, 21).isoformat(),
    },
    Template.MAKER_NOT_COMPLETED: {
        "title": "Batik tulis",
        "lacks": ["minutes", "practical"],
        "minutes": 150,
        "required_minutes": 480,
    },
    Template.PRODUCT_APPROVED: {
        "title": "Selendang parang",
        "sku": "BTK-0007",
        "price": 700_000,
        "price_from": datetime(2026, 11, 20, 17, 30, tzinfo=UTC).isoformat(),
    },
    Template.CHANGES_REQUESTED: {"title": "Selendang parang", "reasons": ["jahitan longgar", "tanpa label"]},
    Template.PRODUCT_REJECTED: {"title": "Selendang parang", "reasons": ["kain cetak", "bukan batik"]},
    Template.ITEM_SOLD: {
        "sku": "BTK-0007",
        "quantity": 1,
        "outlet": "citos",
        "amount": 700_000,
        "sold_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.ITEM_RETURNED: {
        "sku": "BTK-0007",
        "quantity": 1,
        "outlet": "citos",
        "amount": 700_000,
        "returned_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.RETURN_VOIDED: {
        "sku": "BTK-0007",
        "quantity": 1,
        "outlet": "citos",
        "amount": 700_000,
        "voided_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.SALE_VOIDED: {
        "sku": "BTK-0007",
        "quantity": 1,
        "outlet": "citos",
        "amount": 700_000,
        "voided_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.PAYOUT_PAID: {
        "cooperative": "kop-marunda",
        "amount": 455_000,
        "paid_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.MAKERS_WAITING: {"outlet": "citos", "through": "2026-11-30", "amount": 455_000},
    Template.PAYOUT_FAILED: {
        "cooperative": "kop-marunda",
        "amount": 455_000,
        "failed_at": datetime(2026, 11, 21, 3, 2, 11, tzinfo=UTC).isoformat(),
    },
    Template.LOAN_DISBURSED: {"lender": "kop-marunda", "principal": 1_000_000, "disbursed_on": "2026-11-21"},
    Template.LOAN_REPAID: {
        "lender": "kop-marunda",
        "amount": 90_000,
        "outstanding": 60_000,
        "paid_on": "2026-11-21",
        "kept": False,
    },
    Template.LOAN_CLOSED: {"lender": "kop-marunda", "closed_on": "2026-11-21"},
    Template.TAX_THRESHOLD_PASSED: {"year": 2026, "free": 500_000_000},
    Template.STATEMENT_PUBLISHED: {
        "month": "2026-11-01",
        "opening": -20_000,
        "closing": 700_000,
        "statement_id": "00000000-0000-0000-0000-000000000001",
    },
}
FACTS: dict[Template, list[str]] = {
    Template.CERTIFICATE_ISSUED: ["KR-2026-0001", "Batik tulis", "21 Nov 2026"],
    Template.PROPOSAL_MADE: ["B2B-2026-014", "28 Nov 2026"],
    Template.SEAT_OFFERED: ["Batik tulis", "21 Nov 2026", "WIB"],
    Template.OFFER_EXPIRED: ["Batik tulis"],
    Template.SESSION_MOVED: ["Batik tulis", "1 De", "09", "30 Nov 2026", "Aula Marunda", "3 "],
    Template.SESSION_CANCELLED: ["Batik tulis", " 2", "1 De", "WIB"],
    Template.CERTIFICATE_REVOKED: ["KR-2026-0001", "Batik tulis", "21 Nov 2026"],
    Template.MAKER_NOT_COMPLETED: ["Batik tulis", "2 ", "30 ", "8 "],
    Template.PRODUCT_APPROVED: ["Selendang parang", "BTK-0007", "Rp700.000", "21 Nov 2026"],
    Template.CHANGES_REQUESTED: ["Selendang parang", "- jahitan longgar\n- tanpa label\n"],
    Template.PRODUCT_REJECTED: ["Selendang parang", "- kain cetak\n- bukan batik\n"],
    Template.ITEM_SOLD: ["BTK-0007", "citos", "Rp700.000", "21 Nov 2026"],
    Template.ITEM_RETURNED: ["BTK-0007", "citos", "Rp700.000", "21 Nov 2026"],
    Template.RETURN_VOIDED: ["BTK-0007", "citos", "Rp700.000", "21 Nov 2026"],
    Template.SALE_VOIDED: ["BTK-0007", "citos", "Rp700.000", "21 Nov 2026"],
    Template.PAYOUT_PAID: ["kop-marunda", "Rp455.000", "21 Nov 2026"],
    Template.MAKERS_WAITING: ["citos", "Rp455.000", "30 Nov 2026"],
    Template.PAYOUT_FAILED: ["kop-marunda", "Rp455.000", "21 Nov 2026"],
    Template.LOAN_DISBURSED: ["kop-marunda", "Rp1.000.000", "21 Nov 2026"],
    Template.LOAN_REPAID: ["kop-marunda", "Rp90.000", "Rp60.000", "21 Nov 2026"],
    Template.LOAN_CLOSED: ["kop-marunda", "21 Nov 2026"],
    Template.TAX_THRESHOLD_PASSED: ["2026", "Rp500.000.000"],
    Template.STATEMENT_PUBLISHED: ["November 2026", "-Rp20.000", "Rp700.000"],
}
GREETING = {Language.INDONESIAN: "Halo Ibu Siti Aminah,", Language.ENGLISH: "Dear Ibu Siti Aminah,"}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", Template)
def test_every_notice_can_be_read_in_both_languages(template: Template, language: Language) -> None:
    written = text.write(template, SAMPLES[template], language, "Siti Aminah")

    lines = written.split("\n")
    assert (lines[0] != "", lines[1], lines[2], lines[3]) == (True, "", GREETING[language], "")
    for fact in FACTS[template]:
        assert fact in written
    assert not [leftover for leftover in ("{{", "{%", "\n\n\n") if leftover in written]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", [Template.ITEM_SOLD, Template.ITEM_RETURNED, Template.PRODUCT_APPROVED])
def test_money_is_written_the_indonesian_way_in_both_languages(template: Template, language: Language) -> None:
    assert "Rp700.000" in text.write(template, SAMPLES[template], language)


@pytest.mark.parametrize("language", Language)
def test_what_is_kept_back_for_a_loan_is_told_in_other_words_than_what_she_paid(language: Language) -> None:
    told = {
        kept: text.write(Template.LOAN_REPAID, SAMPLES[Template.LOAN_REPAID] | {"kept": kept}, language)
        for kept in (True, False)
    }

    for fact in FACTS[Template.LOAN_REPAID]:
        assert fact in told[True]
    assert told[True] != told[False]
    assert ("dipotong" if language == Language.INDONESIAN else "kept back") in told[True]


@pytest.mark.parametrize("language", Language)
def test_a_statement_is_read_behind_its_link_or_with_a_coordinator(language: Language) -> None:
    sample, link = SAMPLES[Template.STATEMENT_PUBLISHED], "https://karya.example/statements/abc"
    sent, listed = [text.write(Template.STATEMENT_PUBLISHED, sample, language, link=one) for one in (link, None)]

    assert f"\n{link}\n" in sent
    assert "http" not in listed
    assert ("pendamping" if language is Language.INDONESIAN else "coordinator") in listed


def test_a_notice_without_a_name_still_greets() -> None:
    assert "\nHalo Ibu,\n" in text.write(Template.ITEM_SOLD, SAMPLES[Template.ITEM_SOLD], Language.INDONESIAN)


@pytest.mark.parametrize(
    ("language", "moment"),
    [(Language.INDONESIAN, "21 Nov 2026 pukul 10.02 WIB"), (Language.ENGLISH, "21 Nov 2026 at 10:02 WIB")],
)
def test_times_are_those_of_jakarta(language: Language, moment: str) -> None:
    assert moment in text.write(Template.ITEM_SOLD, SAMPLES[Template.ITEM_SOLD], language)


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        (Language.INDONESIAN, 750, "dengan 12 jam 30 menit belajar"),
        (Language.INDONESIAN, 45, "dengan 45 menit belajar"),
        (Language.ENGLISH, 60, "with 1 hour of"),
        (Language.ENGLISH, 121, "with 2 hours 1 minute of"),
        (Language.ENGLISH, 0, "with 0 minutes of"),
    ],
)
def test_minutes_are_told_as_people_say_them(language: Language, minutes: int, words: str) -> None:
    params = SAMPLES[Template.CERTIFICATE_ISSUED] | {"minutes": minutes}

    assert words in text.write(Template.CERTIFICATE_ISSUED, params, language)


@pytest.mark.parametrize(
    ("language", "kind", "headline"),
    [
        (Language.INDONESIAN, "order", "Ada pesanan untuk Ibu: X1"),
        (Language.INDONESIAN, "remedial-session", "Ada sesi perbaikan untuk Ibu: X1"),
        (Language.ENGLISH, "order", "There is an order for you: X1"),
        (Language.ENGLISH, "remedial-session", "There is a remedial session for you: X1"),
    ],
)
def test_a_proposal_says_what_is_proposed_and_that_she_may_decline(
    language: Language, kind: str, headline: str
) -> None:
    written = text.write(Template.PROPOSAL_MADE, {"kind": kind, "about": "X1", "due_on": "2026-11-28"}, language)

    assert written.startswith(f"{headline}\n")
    assert ("Ibu boleh menolak." if language is Language.INDONESIAN else "you may decline.") in written


WAYS: list[dict[str, Any]] = [
    {"kind": "remedial-session", "text": "Sabtu pukul 9 di aula", "text_en": None, "link": None},
    {"kind": "example", "text": "Lihat ini", "text_en": "Look at this", "link": "https://example.org/jahitan"},
    {"kind": "advice", "text": "Pakai satu pola", "text_en": "Use one pattern", "link": None},
]


@pytest.mark.parametrize("template", [Template.CHANGES_REQUESTED, Template.PRODUCT_REJECTED])
def test_a_no_says_what_comes_next_in_her_language(template: Template) -> None:
    params = SAMPLES[template] | {"reasons": ["belum rapi"], "reasons_en": ["not neat yet"], "ways": WAYS}

    indonesian, english = [text.write(template, params, language) for language in Language]

    steps = (
        "- Sesi perbaikan: Sabtu pukul 9 di aula\n- Contoh: Lihat ini (https://example.org/jahitan)\n"
        "- Pakai satu pola\n"
    )
    assert "\n- belum rapi\n\nLangkah berikutnya:\n\n" + steps in indonesian
    steps = (
        "- A remedial session: Sabtu pukul 9 di aula\n- An example: Look at this (https://example.org/jahitan)\n"
        "- Use one pattern\n"
    )
    assert "\n- not neat yet\n\nWhat comes next:\n\n" + steps in english


@pytest.mark.parametrize("language", Language)
def test_a_certificate_that_takes_the_place_of_another_says_so(language: Language) -> None:
    sample = SAMPLES[Template.CERTIFICATE_ISSUED]
    again = text.write(Template.CERTIFICATE_ISSUED, sample | {"replaces": "KR-2025-0007"}, language)

    assert "KR-2025-0007" in again
    first = text.write(Template.CERTIFICATE_ISSUED, sample | {"replaces": None}, language)
    assert first == text.write(Template.CERTIFICATE_ISSUED, sample, language)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("lack", Lack)
def test_each_lack_is_told_with_what_helps(lack: Lack, language: Language) -> None:
    sample = SAMPLES[Template.MAKER_NOT_COMPLETED]
    told = [text.write(Template.MAKER_NOT_COMPLETED, sample | {"lacks": lacks}, language) for lacks in ([lack], [])]

    assert len(told[0].splitlines()) == len(told[1].splitlines()) + 1


@pytest.mark.parametrize("template", Template)
def test_a_gap_is_an_error_and_not_an_empty_place(template: Template) -> None:
    missing = next(iter(SAMPLES[template]))
    params = {name: value for name, value in SAMPLES[template].items() if name != missing}

    with pytest.raises(UndefinedError, match=missing):
        text.write(template, params, Language.INDONESIAN)


@pytest.mark.parametrize("language", Language)
def test_there_is_no_template_that_nothing_uses(language: Language) -> None:
    files = {path.name for path in (Path(text.FOLDER) / language).iterdir()}

    assert files == {"letter.txt", *(f"{template}.txt" for template in Template)}
