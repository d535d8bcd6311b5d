"""The label sheet, read back as a printer and a scanner would: every code decodes, every word is in its place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from services.catalog import labels
from services.catalog.domain.units import serial, story_url
from shared import lettering
from shared.contracts.catalog import Product, Unit
from shared.contracts.training import Craft

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
DOTS = 300 / 72
"""300 dots an inch: what a plain office printer gives."""

HOME = "https://karya-rusun.jakarta.example/sebuah/alamat/yang/panjang"


def a_shawl(title: str = "Parang shawl", sku: str = "BTK-0007", price: int = 700_000) -> Product:
    return Product(
        sku=sku,
        submission_id=UUID(int=1),
        title=title,
        craft=Craft.BATIK,
        technique="tulis",
        material="silk",
        price=price,
        prices=[],
        makers=[],
        approved_at=NOON,
    )


def pieces(count: int, first: int = 1) -> list[Unit]:
    serials = [serial(number) for number in range(first, first + count)]
    return [Unit(serial=s, sku="BTK-0007", story_url=story_url(HOME, s), labelled_at=NOON) for s in serials]


def pages(product: Product, units: list[Unit]) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(labels.draw(product, units)))


def scan(page: pypdfium2.PdfPage, row: int, column: int) -> dict[str, str]:
    """What a scanner reads on one label, by the kind of code. Sheets of A4 with 3 x 8 labels of 70 x 37 mm."""
    whole = page.render(scale=DOTS).to_pil()
    wide, high = whole.width / 3, whole.height * 37 / 297
    top = whole.height * 0.5 / 297 + row * high
    label = whole.crop((round(column * wide), round(top), round((column + 1) * wide), round(top + high)))
    return {str(code.format): code.text for code in zxingcpp.read_barcodes(label)}


def words(page: pypdfium2.PdfPage) -> list[str]:
    text: str = page.get_textpage().get_text_range()
    return text.splitlines()


def test_every_label_carries_its_own_serial_and_its_own_story() -> None:
    made = pieces(24)
    (page,) = pages(a_shawl(), made)
    read = [scan(page, *divmod(place, 3)) for place in range(24)]
    assert read == [{"EAN-13": unit.serial, "QR Code": unit.story_url} for unit in made]


@pytest.mark.parametrize("number", [1, 9_999_999_999, 4_711_081_547])
def test_any_serial_can_be_scanned(number: int) -> None:
    (page,) = pages(a_shawl(), pieces(1, number))
    assert scan(page, 0, 0)["EAN-13"] == serial(number)


def test_a_sheet_is_a4_and_the_next_one_begins_when_it_is_full() -> None:
    made = pieces(25)
    first, second = pages(a_shawl(), made)
    assert {tuple(round(side / mm) for side in page.get_size()) for page in (first, second)} == {(210, 297)}
    assert scan(first, 7, 2) == {"EAN-13": made[23].serial, "QR Code": made[23].story_url}
    assert scan(second, 0, 0) == {"EAN-13": made[24].serial, "QR Code": made[24].story_url}
    assert scan(second, 0, 1) == {}
    assert len(pages(a_shawl(), made[:24])) == 1


def test_a_label_says_what_it_is_and_what_it_costs() -> None:
    (page,) = pages(a_shawl(), pieces(1))
    assert words(page) == ["Parang shawl", "Rp700.000", "BTK-0007", "2 900000 000018"]


def test_the_letters_of_the_archipelago_are_printed() -> None:
    title = "Sékar Kèmbang “Jêpun” – ½ lusin, Ngesti’s"
    (page,) = pages(a_shawl(title), pieces(1))
    assert " ".join(words(page)[:2]) == title
    assert lettering.printable("Wéḍangan ṭénan ❤ 漢", lettering.BOLD).split() == ["Wédangan", "ténan"]


def test_a_long_title_ends_after_a_word_and_hides_no_code() -> None:
    title = "Selendang batik tulis motif parang rusak di atas sutera alam dengan pinggir sulaman tangan ibu-ibu rusun"
    (unit,) = pieces(1)
    (page,) = pages(a_shawl(title, sku="SKU-OF-THIRTY-TWO-LETTERS-AND-12", price=10**12), [unit])
    first, second = words(page)[:2]
    assert second.endswith("…")
    assert title.startswith(f"{first} {second[:-1]} ")
    assert words(page)[2:4] == ["Rp1.000.000.000.000", "SKU-OF-THIRTY-TWO-LETTERS-AND-12"]
    assert scan(page, 0, 0) == {"EAN-13": unit.serial, "QR Code": unit.story_url}


@given(st.text(max_size=200), st.integers(1, 3))
def test_no_title_is_wider_or_higher_than_its_place(title: str, most: int) -> None:
    width = 60 * mm
    lines = lettering.fit(title, lettering.BOLD, 7.5, width, most)
    assert len(lines) <= most
    assert all(stringWidth(line, lettering.BOLD, 7.5) <= width for line in lines)
    cut = any(line.endswith("…") for line in lines)
    whole = " ".join(lettering.printable(title, lettering.BOLD).split())
    assert cut or " ".join(lines) == whole


def test_one_word_that_is_too_long_is_cut_where_it_must_be() -> None:
    (line,) = lettering.fit("W" * 200, lettering.BOLD, 7.5, 60 * mm, 2)
    assert line.endswith("W…")


def test_the_same_pieces_give_the_same_sheet_also_when_many_ask_at_once() -> None:
    wanted = [(a_shawl(title), pieces(3)) for title in ("Kain", "Tas – “besar”", "Boneka ½", "Selendang sutera")]
    alone = [labels.draw(*one) for one in wanted]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: labels.draw(*one), wanted * 3))
    assert together == alone * 3
    assert len(set(alone)) == len(alone)


def test_nothing_is_printed_where_office_printers_leave_the_sheet_white() -> None:
    title = "Selendang batik tulis motif parang rusak di atas sutera alam dengan pinggir sulaman tangan ibu-ibu rusun"
    (page,) = pages(a_shawl(title), pieces(24))
    whole = page.render(scale=DOTS).to_pil().convert("L")
    white = round(4.7 * mm * DOTS)
    inner = whole.crop((white, white, whole.width - white, whole.height - white))
    whole.paste(255, (white, white, white + inner.width, white + inner.height))
    assert whole.getextrema() == (255, 255)
