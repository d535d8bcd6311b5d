"""The pictures of story pages: bytes, as long as everybody whom they show agrees."""

from pydantic import ValidationError
from starlette.requests import Request as Http
from starlette.responses import PlainTextResponse, Response

from services.gateway.asking import Asks, Endpoint
from services.gateway.public.questions import ask, ask_aside
from services.gateway.public.story import agreed
from shared.contracts.catalog.photos import GetPublicPhoto
from shared.contracts.training.consents import GetPublicNames

KEPT_SECONDS = 60
HEADERS = {
    "Cache-Control": f"public, max-age={KEPT_SECONDS}",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def endpoint(asks: Asks) -> Endpoint:
    """Raises Unavailable, which is a problem like any other: nobody reads what a picture answers."""

    async def show(http: Http) -> Response:
        try:
            wanted = GetPublicPhoto.model_validate(http.path_params)
        except ValidationError:
            return _none()
        photo = await ask(asks, wanted)
        if photo is None:
            return _none()
        names = await ask_aside(asks, GetPublicNames(maker_ids=photo.shows)) if photo.shows else None
        if not agreed(photo.shows, names):
            return _none()
        return Response(photo.content, media_type=photo.media_type, headers=HEADERS)

    return show


def _none() -> Response:
    return PlainTextResponse("404", 404, {"Cache-Control": "no-store"})
