"""A page as it is answered: filled in, escaped, with a policy that lets nothing in from elsewhere."""

import base64
from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request as Http
from starlette.responses import HTMLResponse, Response

from services.gateway.crafts import CRAFTS
from services.gateway.public import language as languages
from services.gateway.public.words import WORDS
from shared.contracts.training import Language
from shared.errors import KaryaError, Unavailable
from shared.money import rupiah

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = (TEMPLATES / "style.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""No script at all, this one style, pictures of this house; nobody puts the page into a frame of his."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",  # what a maker withdraws is gone at the next request
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}
RETRY_SECONDS = "5"
Show = Callable[[Http, Language], Awaitable[Response | None]]
Endpoint = Callable[[Http], Awaitable[Response]]
log = structlog.get_logger(__name__)


def answer(show: Show) -> Endpoint:
    """The endpoint of a page: what `show` does not find is the page that says so, and so is what fails."""

    @wraps(show)
    async def answered(http: Http) -> Response:
        language = languages.choose(http)
        try:
            page = await show(http, language)
        except Unavailable:
            return _failure("away", 503, language)
        except KaryaError:
            log.exception("page_failed")
            return _failure("away", 500, language)
        return page or not_found(language)

    return answered


def not_found(language: Language) -> Response:
    return _failure("not_found", 404, language)


def render(template: str, language: Language, values: dict[str, Any], status: int = 200) -> Response:
    """In this language. Every value is escaped."""
    text = ENVIRONMENT.get_template(template).render(
        **values,
        language=language,
        other_language=languages.other(language),
        words=WORDS[language],
        crafts=CRAFTS[language],
    )
    return HTMLResponse(text, status, HEADERS | {"Content-Language": language})


def _failure(what: str, status: int, language: Language) -> Response:
    """In both languages: nobody knows yet who reads it."""
    both = [(one, WORDS[one][what], WORDS[one][f"{what}_text"]) for one in (language, languages.other(language))]
    page = render("failure.html", language, {"both": both, "title": WORDS[language][what]}, status)
    if status != 404:
        page.headers["Retry-After"] = RETRY_SECONDS
    return page


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["style"] = Markup(STYLE)  # noqa: S704 - our own file, which says what may stand in a style
    environment.filters["rupiah"] = rupiah
    environment.filters["in_path"] = lambda text: quote(str(text), safe="")
    return environment


ENVIRONMENT = _environment()
