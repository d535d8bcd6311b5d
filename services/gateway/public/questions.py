"""What public pages ask the services, for nobody in particular and not for long."""

from typing import TypeVar, cast

from pydantic import ValidationError

from services.gateway.asking import Asks
from shared.contracts.message import Part, Request
from shared.errors import Invalid, KaryaError, NotFound
from shared.runtime.envelope import new_id

R = TypeVar("R", bound=Part)
PUBLIC = "public"
"""Who asks."""

SECONDS = 5.0
ASIDE_SECONDS = 2.0
"""For what a page can do without."""


async def ask(asks: Asks, request: Request[R], seconds: float = SECONDS) -> R | None:
    """None for what there is not. Raises the other KaryaErrors."""
    try:
        body = await asks.ask_raw(request, actor=PUBLIC, to=request.owner(), id=new_id(), timeout=seconds)
    except (NotFound, Invalid):
        return None
    return cast(R, request.reply().model_validate_json(body))


async def ask_aside(asks: Asks, request: Request[R]) -> R | None:
    """None also when nobody answers, or nothing that can be read: then the page goes without."""
    try:
        return await ask(asks, request, ASIDE_SECONDS)
    except (KaryaError, ValidationError):
        return None
