"""In which language a reader is answered: as the address says, else as her browser does, else in Indonesian."""

from collections.abc import Iterator

from starlette.requests import Request as Http

from shared.contracts.training import Language

DEFAULT = Language.INDONESIAN
OLD_NAMES = {"in": "id"}
"""Some phones still ask for Indonesian by the code it had until 1989."""


def choose(http: Http) -> Language:
    """What is asked for but not spoken here counts as not asked for."""
    asked = http.query_params.get("lang", "")
    for wanted in (asked, *_accepted(http.headers.get("accept-language", ""))):
        name = wanted.partition("-")[0].lower()
        name = OLD_NAMES.get(name, name)
        if name in list(Language):
            return Language(name)
    return DEFAULT


def other(language: Language) -> Language:
    return Language.ENGLISH if language is Language.INDONESIAN else Language.INDONESIAN


def _accepted(header: str) -> Iterator[str]:
    """The best liked first; what is not wanted at all is left out."""
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        name, _, weight = part.strip().partition(";")
        liked.append((-_weight(weight), place, name.strip()))
    return (name for weight, _, name in sorted(liked) if weight)


def _weight(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text.strip().removeprefix("q=")))) if text else 1.0
    except ValueError:
        return 0.0
