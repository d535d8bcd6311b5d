"""Whether a certificate is one: for anybody who holds its number, in her language."""

from datetime import date
from typing import Any

import pytest

from shared.contracts.training import Craft
from shared.contracts.training.certificates import Verification, VerifyCertificate
from shared.errors import Unavailable
from tests.unit.gateway.readers import Sources, read

PATH = "/verify/KR-2026-BTK-00042"


def a_certificate(**other: Any) -> Verification:
    facts: dict[str, Any] = {
        "number": "KR-2026-BTK-00042",
        "state": "valid",
        "replaced_by": None,
        "craft": Craft.BATIK,
        "title": "Batik untuk pemula",
        "minutes": 1110,
        "issued_on": date(2026, 8, 17),
        "name": "Ibu Ani",
    }
    return Verification(**facts | other)


async def test_a_valid_certificate_is_shown_in_both_languages() -> None:
    in_indonesian = await read(PATH, {VerifyCertificate: a_certificate()})
    in_english = await read(f"{PATH}?lang=en", {VerifyCertificate: a_certificate()})

    for told in ("Sertifikat ini sah", "Batik untuk pemula", "18 jam 30 menit", "17 Agustus 2026", "Ibu Ani"):
        assert told in in_indonesian.text
    for told in ("This certificate is valid", "18 hours 30 minutes", "17 August 2026", "KR-2026-BTK-00042"):
        assert told in in_english.text
    assert in_english.headers["cache-control"] == "no-store"


async def test_who_does_not_agree_is_not_named() -> None:
    page = await read(PATH, {VerifyCertificate: a_certificate(name=None)})
    assert "Tidak ditampilkan" in page.text


async def test_a_certificate_that_was_replaced_leads_to_the_one_in_its_place() -> None:
    replaced = a_certificate(state="superseded", replaced_by="KR-2026-BTK-00050")
    page = await read(PATH, {VerifyCertificate: replaced})
    assert "Sertifikat ini sudah diganti" in page.text
    assert "/verify/KR-2026-BTK-00050?lang=id" in Sources(page.text).links


async def test_a_certificate_that_was_revoked_is_said_to_be() -> None:
    page = await read(PATH, {VerifyCertificate: a_certificate(state="revoked")})
    assert "Sertifikat ini sudah dicabut" in page.text
    assert "Sertifikat ini sah" not in page.text


async def test_nothing_is_loaded_at_all() -> None:
    sources = Sources((await read(PATH, {VerifyCertificate: a_certificate(title="<script>x</script>")})).text)
    assert sources.loaded == []
    assert not sources.tags & {"script", "link", "iframe", "form"}


@pytest.mark.parametrize("number", ["KR-2026-BTK-99999", "x" * 200])
async def test_a_number_that_is_none_is_said_in_both_languages(number: str) -> None:
    page = await read(f"/verify/{number}", {})
    assert page.status_code == 404
    assert "Halaman ini tidak ada" in page.text and "There is no such page" in page.text


async def test_when_training_is_away_nothing_is_said_of_any_certificate() -> None:
    page = await read(PATH, {VerifyCertificate: Unavailable("unavailable", "away")})
    assert page.status_code == 503
    assert "sah" not in page.text.split("<main>")[1]
