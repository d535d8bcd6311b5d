"""A reader of the public pages, and services that answer as a test has it."""

from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
from starlette.applications import Starlette

from services.gateway import public
from shared.contracts.catalog.photos import Photo
from shared.contracts.catalog.showing import GetStory, Story
from shared.contracts.message import Part, Request
from shared.contracts.sales.parts import GetPriceParts, PriceParts, Range
from shared.contracts.training import Craft
from shared.contracts.training.consents import GetPublicNames, PublicName, PublicNames
from shared.errors import KaryaError, NotFound
from tests.integration.catalog.builders import ANI, NOON, WATI

Answers = dict[type[Request[Any]], Part | KaryaError]


class Services:
    """Answers each kind of request with what it was given for it; everything else is not found."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.asked = answers, list[Request[Any]]()

    async def ask_raw(self, request: Request[Any], **_: Any) -> bytes:
        self.asked.append(request)
        answer = self.answers.get(type(request), NotFound("unknown", "not here"))
        if isinstance(answer, KaryaError):
            raise answer
        return answer.model_dump_json().encode()


async def read(path: str, answers: Answers, **headers: str) -> httpx.Response:
    """What a reader gets."""
    transport = httpx.ASGITransport(Starlette(routes=public.routes(Services(answers))))
    async with httpx.AsyncClient(transport=transport, base_url="http://karya.test") as reader:
        return await reader.get(path, headers=headers)


class Sources(HTMLParser):
    """Every address that a page loads, and what could act in it."""

    LOADS = ("src", "srcset", "poster", "data", "background", "action", "formaction", "xlink:href")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded, self.links, self.tags, self.handlers = list[str](), list[str](), set[str](), list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in self.LOADS or (name == "href" and tag in ("link", "base", "use", "image")):
                self.loaded.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name.startswith("on") or name == "style":
                self.handlers.append(name)


def a_photo(number: int, *shows: UUID, caption: str = "") -> Photo:
    return Photo(
        photo_id=UUID(int=100 + number),
        submission_id=UUID(int=50),
        caption=caption,
        shows=list(shows),
        width=1600,
        height=1067,
        hidden=False,
        added_at=NOON,
    )


def a_story(**other: Any) -> Story:
    """A shawl by Ani and Wati, with a photo of it and one that shows Ani."""
    facts: dict[str, Any] = {
        "sku": "BTK-0007",
        "serial": "2900000000018",
        "title": "Selendang parang",
        "craft": Craft.BATIK,
        "technique": "Batik tulis",
        "material": "Sutra",
        "hours": 40,
        "story_id": "Dibuat di lantai 12.\n\nSetiap garis digambar tangan.",
        "story_en": "Made on the 12th floor.",
        "price": 700_000,
        "makers": [ANI, WATI],
        "photos": [a_photo(1, caption="Motif parang"), a_photo(2, ANI, caption="Ibu Ani membatik")],
    }
    return Story(**facts | other)


def a_name(maker: UUID, name: str | None, photo: bool = True, parts: bool = True) -> PublicName:
    return PublicName(
        maker_id=maker,
        name=name,
        rusun_name="Rusunawa Marunda" if name else None,
        crafts=[Craft.BATIK] if name else [],
        may_show_photo=photo,
        may_show_price_parts=parts,
    )


def names(*items: PublicName) -> PublicNames:
    return PublicNames(items=list(items or (a_name(ANI, "Ibu Ani"), a_name(WATI, "Ibu Wati"))))


def price_parts(outlets: int = 2) -> PriceParts:
    """Of Rp700.000 at an outlet that takes 15 % and at one that takes 25 %."""
    outlet, programme = Range(least=105_000, most=175_000), Range(least=70_000, most=70_000)
    return PriceParts(outlets=outlets, outlet=outlet, programme=programme, makers=Range(least=455_000, most=525_000))


def all_agree(**other: Any) -> Answers:
    """Everybody answers, and everybody agrees to everything."""
    return {GetStory: a_story(**other), GetPublicNames: names(), GetPriceParts: price_parts()}
