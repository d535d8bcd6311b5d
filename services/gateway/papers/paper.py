"""How a row of the routes table becomes a file: what it answers is handed to a function that may ask for more."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from shared.contracts.message import Document, Page, Part, Request
from shared.contracts.training.names import GetNames
from shared.errors import Rejected

R = TypeVar("R", bound=Part)
AT_ONCE = 500
"""Items that a service is asked for at a time; so many names too."""

MOST_PAGES = 40


class Ask(Protocol):
    """Asks a service in the name of whoever wants the paper. Raises what it answers, Unavailable."""

    async def __call__(self, request: Request[R]) -> R: ...


Make = Callable[[Any, Any, Ask], Awaitable[Document]]
"""From what was asked and its reply to the file. A list comes whole, however many pages it has."""


async def ask_whole(ask: Ask, request: Request[R]) -> R:
    """The reply; of a list all of its pages as one. Raises Rejected for what no file could hold."""
    if not isinstance(request, Page):
        return await ask(request)
    first = reply = await ask(request.model_copy(update={"limit": AT_ONCE, "cursor": None}))
    items: list[Any] = [*first.items]
    for _ in range(MOST_PAGES - 1):
        if reply.next is None:
            break
        reply = await ask(request.model_copy(update={"limit": AT_ONCE, "cursor": reply.next}))
        items += reply.items
    if reply.next is not None:
        raise Rejected("file_too_long", f"a file has at most {AT_ONCE * MOST_PAGES} lines; ask for less")
    return cast(R, first.model_copy(update={"items": items, "next": None}))


async def get_names(ask: Ask, makers: Sequence[UUID]) -> dict[UUID, str]:
    """What these makers are called. Whom nobody knows, or who is anonymised, is called nothing: she is left out."""
    wanted, names = list(dict.fromkeys(makers)), dict[UUID, str]()
    for start in range(0, len(wanted), AT_ONCE):
        reply = await ask(GetNames(maker_ids=wanted[start : start + AT_ONCE]))
        names |= {one.maker_id: one.name for one in reply.items if one.name}
    return names
