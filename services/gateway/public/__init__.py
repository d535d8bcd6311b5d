"""Pages without a key: what stands behind a label's QR code, whether a certificate is one, a maker's statement."""

from starlette.routing import BaseRoute, Route

from services.gateway.asking import Asks
from services.gateway.public import photos, statement, story, verify


def routes(asks: Asks) -> list[BaseRoute]:
    """They take the same places as all other requests."""
    return [
        Route("/story/photos/{photo_id}/{size}", photos.endpoint(asks)),
        Route("/story/{code}", story.endpoint(asks)),
        Route("/verify/{number}", verify.endpoint(asks)),
        Route("/statements/{token}/pdf", statement.pdf_endpoint(asks)),
        Route("/statements/{token}", statement.endpoint(asks)),
    ]
