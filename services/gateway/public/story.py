"""`/story/{code}`: what the buyer of a piece reads about it, and of its makers as much as they agree to."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request as Http
from starlette.responses import Response

from services.gateway.asking import Asks
from services.gateway.crafts import CRAFTS
from services.gateway.public.page import Endpoint, answer, render
from services.gateway.public.questions import ask, ask_aside
from services.gateway.public.words import WORDS
from shared.contracts.catalog.photos import Photo
from shared.contracts.catalog.showing import GetStory, Story
from shared.contracts.sales.parts import GetPriceParts, PriceParts, Range
from shared.contracts.training import Language
from shared.contracts.training.consents import GetPublicNames, PublicName, PublicNames
from shared.money import rupiah

MOST_ASKED = 500


def endpoint(asks: Asks) -> Endpoint:
    """Of the piece with this serial, or of the product with this SKU."""

    async def show(http: Http, language: Language) -> Response | None:
        try:
            story = await ask(asks, GetStory(code=http.path_params["code"]))
        except ValidationError:
            return None
        if story is None:
            return None
        names, parts = await asyncio.gather(
            ask_aside(asks, GetPublicNames(maker_ids=_everybody(story))),
            ask_aside(asks, GetPriceParts(price=story.price)),
        )
        return render("story.html", language, tell(story, names, parts, language))

    return answer(show)


def tell(story: Story, names: PublicNames | None, parts: PriceParts | None, language: Language) -> dict[str, Any]:
    """What stands on the page. `names` None: nobody can say who agrees, so nobody is named or shown."""
    known = {one.maker_id: one for one in names.items} if names else {}
    makers = [known[maker] for maker in story.makers if maker in known and known[maker].name]
    all_named = len(makers) == len(story.makers)
    text, text_language = _text(story, language) if all_named else ("", language)
    may_tell_parts = all(maker in known and known[maker].may_show_price_parts for maker in story.makers)
    return {
        "story": story,
        "title": story.title,
        "makers": makers,
        "unnamed": _unnamed(len(makers), len(story.makers) - len(makers), language),
        "certified": _certified(makers, language),
        "paragraphs": [line.strip() for line in text.splitlines() if line.strip()],
        "text_language": text_language,
        "photos": [_shown(photo, story, known) for photo in story.photos if agreed(photo.shows, names)],
        "parts": shares(parts, language) if parts and parts.outlets and may_tell_parts else [],
    }


def _shown(photo: Photo, story: Story, known: Mapping[UUID, PublicName]) -> Photo:
    """With its caption as long as it may name everybody: a caption says who is at work in a photo."""
    named = all(maker in known and known[maker].name for maker in (*story.makers, *photo.shows))
    return photo if named else photo.model_copy(update={"caption": ""})


def agreed(shown: Sequence[UUID], names: PublicNames | None) -> bool:
    """Whether a photo may be shown that shows these makers."""
    if not shown:
        return True
    willing = {one.maker_id for one in names.items if one.may_show_photo} if names else set()
    return set(shown) <= willing


def shares(parts: PriceParts, language: Language) -> list[dict[str, Any]]:
    """Each part in words, and where it lies on a bar of 100."""
    words, found, start = WORDS[language], [], 0.0
    each = (("makers", parts.makers), ("outlet", parts.outlet), ("programme", parts.programme))
    whole = sum(part.least + part.most for _, part in each) or 1
    for name, part in each:
        width = round(100 * (part.least + part.most) / whole, 1)
        found.append({"kind": name, "name": words[f"{name}_part"], "text": _range(part), "x": start, "width": width})
        start = round(start + width, 1)
    return found


def _range(part: Range) -> str:
    return rupiah(part.least) if part.least == part.most else f"{rupiah(part.least)} – {rupiah(part.most)}"


def _everybody(story: Story) -> list[UUID]:
    """Makers, and others whom a photo shows."""
    shown = [maker for photo in story.photos for maker in photo.shows]
    return list(dict.fromkeys([*story.makers, *shown]))[:MOST_ASKED]


def _text(story: Story, language: Language) -> tuple[str, Language]:
    """In the reader's language, else in the other one, and which one that is."""
    told = {Language.INDONESIAN: story.story_id, Language.ENGLISH: story.story_en}
    if told[language]:
        return told[language] or "", language
    other = next((one for one in Language if told[one]), language)
    return told[other] or "", other


def _unnamed(named: int, unnamed: int, language: Language) -> str:
    words = WORDS[language]
    if not unnamed:
        return ""
    if named:
        return words["more_makers"].format(unnamed)
    return words["one_maker"] if unnamed == 1 else words["many_makers"].format(unnamed)


def _certified(makers: Sequence[PublicName], language: Language) -> list[str]:
    """What those who are named have learnt here."""
    told = [(one.name, ", ".join([CRAFTS[language][craft] for craft in one.crafts])) for one in makers if one.crafts]
    return [WORDS[language]["certified"].format(name, crafts) for name, crafts in told]
