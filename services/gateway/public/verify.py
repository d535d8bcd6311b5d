"""`/verify/{number}`: whether a certificate is one, for whoever holds it in her hand."""

from babel.dates import format_date
from pydantic import ValidationError
from starlette.requests import Request as Http
from starlette.responses import Response

from services.gateway.asking import Asks
from services.gateway.public.page import Endpoint, answer, render
from services.gateway.public.questions import ask
from services.gateway.public.words import WORDS, duration
from shared.contracts.training import Language
from shared.contracts.training.certificates import VerifyCertificate


def endpoint(asks: Asks) -> Endpoint:
    """Of the certificate with this number."""

    async def show(http: Http, language: Language) -> Response | None:
        try:
            found = await ask(asks, VerifyCertificate(number=http.path_params["number"]))
        except ValidationError:
            return None
        if found is None:
            return None
        values = {
            "certificate": found,
            "title": f"{WORDS[language]['certificate']} {found.number}",
            "attended": duration(found.minutes, language),
            "issued_on": format_date(found.issued_on, "d MMMM y", locale=language),
        }
        return render("verify.html", language, values)

    return answer(show)
