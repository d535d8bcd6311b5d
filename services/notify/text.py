"""What a notice says: its template filled in, in Indonesian or English. Nothing of it is ever stored."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import Template as Compiled

from services.notify.domain import Template
from shared.contracts.training import Language
from shared.money import rupiah

FOLDER = Path(__file__).with_name("templates")
JAKARTA = ZoneInfo("Asia/Jakarta")
CLOCK = {Language.INDONESIAN: "pukul %H.%M WIB", Language.ENGLISH: "at %H:%M WIB"}
DURATION = {
    Language.INDONESIAN: ("jam", "jam", "menit", "menit"),
    Language.ENGLISH: ("hour", "hours", "minute", "minutes"),
}


def write(
    template: str, params: Mapping[str, Any], language: Language, name: str | None = None, link: str | None = None
) -> str:
    """The first line is the headline. `name` and `link` are given when it is sent to her; a list goes without."""
    return TEMPLATES[language, template].render(params, name=name, link=link)


def _environment(language: Language) -> Environment:
    # Plain text: nothing to escape.
    environment = Environment(
        loader=FileSystemLoader(FOLDER / language),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        auto_reload=False,
    )

    @lru_cache(2000)
    def day(text: str) -> str:
        """`21 Nov 2026`"""
        return format_date(date.fromisoformat(text), "d MMM y", locale=language)

    @lru_cache(100)
    def month(text: str) -> str:
        """`November 2026`"""
        return format_date(date.fromisoformat(text), "LLLL y", locale=language)

    def moment(text: str) -> str:
        """`21 Nov 2026 pukul 17.02 WIB`, `21 Nov 2026 at 17:02 WIB`. The day is remembered, no moment comes twice."""
        at = datetime.fromisoformat(text).astimezone(JAKARTA)
        return f"{day(at.date().isoformat())} {at.strftime(CLOCK[language])}"

    def duration(minutes: int) -> str:
        """`12 jam 30 menit`, `1 hour`"""
        hour, hours, minute, minutes_word = DURATION[language]
        h, m = divmod(minutes, 60)
        parts = [f"{h} {hour if h == 1 else hours}"] if h else []
        parts += [f"{m} {minute if m == 1 else minutes_word}"] if m or not h else []
        return " ".join(parts)

    environment.filters |= {"rupiah": lru_cache(2000)(rupiah), "day": day, "month": month, "moment": moment}
    environment.filters["duration"] = duration
    return environment


def _load() -> dict[tuple[str, str], Compiled]:
    """All of them, at start: a template that is missing or broken stops the service, not a notice."""
    environments = {language: _environment(language) for language in Language}
    return {
        (language, template): environment.get_template(f"{template}.txt")
        for language, environment in environments.items()
        for template in Template
    }


TEMPLATES = _load()
