"""The story behind a label: what all agree to is told, nothing else, in the reader's language, safe and still."""

import base64
import re
from hashlib import sha256

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from services.gateway import public
from services.gateway.middleware import Desk
from services.gateway.shedding import Room
from shared.contracts.catalog.photos import GetPublicPhoto, PublicPhoto
from shared.contracts.catalog.showing import GetStory
from shared.contracts.sales.parts import GetPriceParts
from shared.contracts.training.consents import GetPublicNames
from shared.errors import Bug, Unavailable
from tests.integration.catalog.builders import ANI, WATI
from tests.unit.gateway.readers import Answers, Services, Sources, a_name, a_photo, all_agree, names, price_parts, read

PATH = "/story/2900000000018"
AWAY = Unavailable("unavailable", "training does not answer now")


async def test_a_buyer_reads_who_made_it_how_and_where_the_money_goes() -> None:
    page = await read(PATH, all_agree())

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for told in (
        "Selendang parang", "Batik tulis", "Sutra", "40 jam", "Rp700.000", "2900000000018", "Ibu Ani", "Ibu Wati",
        "Rusunawa Marunda", "Dibuat di lantai 12.", "Ibu Ani memegang sertifikat: Batik.", "Rp455.000 – Rp525.000",
        "Rp105.000 – Rp175.000", "Rp70.000",
    ):  # fmt: skip
        assert told in page.text, told
    assert Sources(page.text).loaded == [
        f"/story/photos/{a_photo(1).photo_id}/web",
        f"/story/photos/{a_photo(2).photo_id}/thumbnail",
    ]


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "id"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "nl, in;q=0.8, en;q=0.7", "id"),
        ("", "id;q=0, en;q=0.1", "en"),
        ("", "de", "id"),
        ("", ";;;q=x,,", "id"),
        ("?lang=en", "id", "en"),
        ("?lang=id", "en", "id"),
        ("?lang=xx", "en", "en"),
    ],
)
async def test_it_is_told_in_the_readers_language(query: str, accepted: str, language: str) -> None:
    page = await read(PATH + query, all_agree(), **({"Accept-Language": accepted} if accepted else {}))

    assert f'<html lang="{language}">' in page.text
    assert page.headers["content-language"] == language
    assert page.headers["vary"] == "Accept-Language"
    assert ("Made on the 12th floor." in page.text) == (language == "en")
    assert ("Dibuat oleh" in page.text) == (language == "id")


async def test_a_story_that_is_told_in_one_language_is_shown_in_it_to_all() -> None:
    page = await read(f"{PATH}?lang=en", all_agree(story_en=None))
    assert '<div lang="id">' in page.text
    assert "Dibuat di lantai 12." in page.text


async def test_who_does_not_agree_is_not_named_and_then_nothing_is_told_that_may_name_her() -> None:
    answers = all_agree() | {GetPublicNames: names(a_name(ANI, "Ibu Ani"), a_name(WATI, None))}

    page = await read(PATH, answers)

    assert "Ibu Ani" in page.text
    assert "Wati" not in page.text
    assert "dan 1 perajin lain" in page.text
    assert "lantai 12" not in page.text
    assert "membatik" not in page.text, "a caption says who is at work"


async def test_a_photo_is_shown_when_all_whom_it_shows_agree() -> None:
    photos = [a_photo(1, ANI), a_photo(2, ANI, WATI), a_photo(3)]
    unwilling = names(a_name(ANI, "Ibu Ani"), a_name(WATI, "Ibu Wati", photo=False))

    page = await read(PATH, all_agree(photos=photos) | {GetPublicNames: unwilling})

    shown = [str(photo.photo_id) in page.text for photo in photos]
    assert shown == [True, False, True]


@pytest.mark.parametrize(
    "differs",
    [
        {GetPublicNames: names(a_name(ANI, "Ibu Ani"), a_name(WATI, "Ibu Wati", parts=False))},
        {GetPublicNames: names(a_name(ANI, "Ibu Ani"))},
        {GetPublicNames: AWAY},
        {GetPriceParts: AWAY},
        {GetPriceParts: price_parts(outlets=0)},
    ],
    ids=["one does not agree", "one is unknown", "training is away", "sales is away", "nothing is agreed"],
)
async def test_the_parts_of_the_price_are_told_only_when_all_agree(differs: Answers) -> None:
    page = await read(PATH, all_agree() | differs)

    assert page.status_code == 200
    assert "Rp700.000" in page.text
    assert "455.000" not in page.text
    assert "Ke mana uangnya pergi" not in page.text


async def test_without_training_nobody_is_named_or_shown() -> None:
    page = await read(PATH, all_agree() | {GetPublicNames: AWAY})

    assert page.status_code == 200
    for personal in ("Ibu", "Marunda", "lantai 12", str(a_photo(2).photo_id)):
        assert personal not in page.text
    assert "2 perajin program ini" in page.text
    assert str(a_photo(1).photo_id) in page.text


async def test_nothing_is_loaded_from_elsewhere_and_nothing_runs() -> None:
    page = await read(PATH, all_agree())

    sources = Sources(page.text)
    assert all(re.fullmatch(r"/story/photos/[0-9a-f-]{36}/(web|thumbnail)", one) for one in sources.loaded)
    assert not sources.tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    assert sources.handlers == []
    assert not re.search(r"url\(|@import|https?://", page.text)
    assert all(link.startswith(("?lang=", "/story/")) for link in sources.links)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    style = page.text.split("<style>")[1].split("</style>")[0]
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{base64.b64encode(sha256(style.encode()).digest()).decode()}'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


async def test_what_people_wrote_is_text_and_never_markup() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    answers = all_agree(
        title=evil,
        technique=evil,
        material=evil,
        story_id=evil,
        photos=[a_photo(1, caption=evil), a_photo(2, caption=evil)],
    ) | {GetPublicNames: names(a_name(ANI, evil), a_name(WATI, evil))}

    page = await read(PATH, answers)

    sources = Sources(page.text)
    assert "script" not in sources.tags
    assert sources.handlers == []
    assert "x" not in sources.loaded
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("path", ["/story/NONE", f"/story/{'x' * 300}", "/story/%00", "/story/..%2f..%2fetc"])
async def test_what_is_not_there_is_said_in_both_languages(path: str) -> None:
    page = await read(path, {})

    assert page.status_code == 404
    if page.headers["content-type"].startswith("text/html"):
        assert "Halaman ini tidak ada" in page.text
        assert "There is no such page" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(("error", "status"), [(AWAY, 503), (Bug("bug", "unexpected"), 500)])
async def test_when_the_catalog_cannot_answer_the_page_asks_for_patience(error: Unavailable | Bug, status: int) -> None:
    page = await read(PATH, all_agree() | {GetStory: error})

    assert page.status_code == status
    assert page.headers["retry-after"] == "5"
    assert "Sebentar ya" in page.text and "One moment" in page.text


@pytest.mark.parametrize("path", [PATH, "/verify/KR-2026-BTK-00042", f"/story/photos/{a_photo(1).photo_id}/web"])
async def test_public_pages_take_the_same_places_as_all_other_requests(path: str) -> None:
    crowded = Starlette(routes=public.routes(Services(all_agree())), middleware=[Middleware(Desk, Room(requests=0))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(crowded), base_url="http://karya.test") as reader:
        answer = await reader.get(path)

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


PICTURE = PublicPhoto(media_type="image/jpeg", filename="photo.jpg", content=b"\xff\xd8\xff", shows=[ANI])
OF_THINGS = PICTURE.model_copy(update={"shows": []})
PHOTO = f"/story/photos/{a_photo(1).photo_id}/web"


async def test_the_bytes_of_a_photo_are_kept_shortly() -> None:
    answer = await read(PHOTO, {GetPublicPhoto: PICTURE, GetPublicNames: names(a_name(ANI, None))})

    assert (answer.status_code, answer.content) == (200, b"\xff\xd8\xff")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert (await read(PHOTO, {GetPublicPhoto: OF_THINGS})).status_code == 200


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        (PHOTO, {}),
        (PHOTO, {GetPublicPhoto: PICTURE, GetPublicNames: names(a_name(ANI, "Ibu Ani", photo=False))}),
        (PHOTO, {GetPublicPhoto: PICTURE, GetPublicNames: AWAY}),
        (PHOTO, {GetPublicPhoto: PICTURE, GetPublicNames: names(a_name(WATI, "Ibu Wati"))}),
        (PHOTO.replace("web", "original"), {GetPublicPhoto: OF_THINGS}),
        ("/story/photos/none/web", {GetPublicPhoto: OF_THINGS}),
    ],
    ids=["not there", "not agreed", "training is away", "unknown maker", "unknown size", "no id"],
)
async def test_a_photo_that_may_not_be_shown_is_not_there(path: str, answers: Answers) -> None:
    answer = await read(path, answers)

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
