"""What a certificate says, to its holder and to strangers."""

from datetime import date
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from services.training import paper
from services.training.domain.certificates import (
    CRAFTS,
    check_valid,
    hours,
    initials,
    long_day,
    verify_url,
)
from shared.contracts.training import Certificate, CertificateState, Craft
from shared.errors import Rejected

URL = verify_url("https://karya-rusun.jakarta.example/sebuah/alamat/yang/panjang/", "KR-2026-NPM-00042")


def a_certificate(**fields: object) -> Certificate:
    given = {
        "number": "KR-2026-NPM-00042",
        "maker_id": UUID(int=1),
        "cohort_id": UUID(int=2),
        "craft": Craft.NEWSPAPER_MINIATURES,
        "title": "Miniatur untuk pasar",
        "minutes": 750,
        "issued_on": date(2026, 11, 21),
    }
    return Certificate.model_validate(given | fields)


def page_of(certificate: Certificate, name: str) -> pypdfium2.PdfPage:
    (page,) = pypdfium2.PdfDocument(paper.draw(certificate, name, URL))
    return page


def words(page: pypdfium2.PdfPage) -> list[str]:
    text: str = page.get_textpage().get_text_range()
    return text.splitlines()


def test_a_certificate_says_in_indonesian_who_learned_what_and_how_long() -> None:
    assert words(page_of(a_certificate(), "Siti Aminah")) == [
        "SERTIFIKAT",
        "Karya Rusun",
        "diberikan kepada",
        "Siti Aminah",
        "yang telah menyelesaikan pelatihan",
        "Miniatur untuk pasar",
        "Miniatur kertas koran, 12 jam 30 menit",
        "Jakarta, 21 November 2026",
        "Nomor KR-2026-NPM-00042",
        "Pindai kode ini untuk memeriksa keasliannya:",
        URL,
    ]


def test_its_code_leads_to_what_it_is_worth() -> None:
    printed = page_of(a_certificate(), "Siti Aminah").render(scale=150 / 72).to_pil()
    assert [(str(code.format), code.text) for code in zxingcpp.read_barcodes(printed)] == [("QR Code", URL)]
    assert URL == "https://karya-rusun.jakarta.example/sebuah/alamat/yang/panjang/verify/KR-2026-NPM-00042"


def test_a_long_name_is_written_smaller_and_not_cut() -> None:
    name = "Raden Ajeng Siti Nurhaliza Kusumaningtyas binti Haji Abdurrahman Wahid"
    assert name in words(page_of(a_certificate(), name))


def test_a_long_title_ends_within_its_two_lines() -> None:
    title = "Selendang batik tulis motif parang rusak di atas sutera alam dengan pinggir sulaman tangan " * 2
    lines = words(page_of(a_certificate(title=title.strip()), "Siti Aminah"))
    assert lines[6].endswith("…")
    assert lines[7] == "Miniatur kertas koran, 12 jam 30 menit"


@settings(deadline=None, max_examples=25)
@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_any_name_and_title_can_be_printed(name: str, title: str) -> None:
    assert paper.draw(a_certificate().model_copy(update={"title": title}), name, URL).startswith(b"%PDF")


def test_the_same_certificate_is_the_same_paper() -> None:
    assert paper.draw(a_certificate(), "Siti", URL) == paper.draw(a_certificate(), "Siti", URL)


def test_every_craft_has_its_name_in_indonesian() -> None:
    assert set(CRAFTS) == set(Craft)


@pytest.mark.parametrize(
    ("minutes", "said"), [(750, "12 jam 30 menit"), (45, "45 menit"), (60, "1 jam"), (0, "0 menit")]
)
def test_minutes_are_said_as_people_say_them(minutes: int, said: str) -> None:
    assert hours(minutes) == said


def test_a_date_has_its_month_in_indonesian() -> None:
    assert long_day(date(2026, 8, 3)) == "3 Agustus 2026"


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ibu Siti Aminah", "S. A."), ("Hj. sri", "S."), ("Ibu", None), ("Ny. Ade-Lia (Ani)", "A. A."), ("42", None)],
)
def test_strangers_read_initials_and_no_courtesy(name: str, said: str | None) -> None:
    assert initials(name) == said


@given(st.text(max_size=100))
def test_initials_never_give_a_word_of_a_name_away(name: str) -> None:
    said = initials(name) or ""
    assert all(len(part.rstrip(".")) <= 3 for part in said.split())


def test_only_a_valid_certificate_can_be_used() -> None:
    check_valid(a_certificate())
    with pytest.raises(Rejected) as revoked:
        check_valid(a_certificate(state=CertificateState.REVOKED))
    with pytest.raises(Rejected) as superseded:
        check_valid(a_certificate(state=CertificateState.SUPERSEDED, replaced_by="KR-2026-NPM-00043"))

    assert (revoked.value.code, superseded.value.code) == ("certificate_revoked", "certificate_superseded")
    assert "KR-2026-NPM-00043" in superseded.value.detail
