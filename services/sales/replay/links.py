"""What an event speaks of, so that it is projected after what it rests on, and pieces move in their order."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

from shared.contracts.message import Event
from shared.db import Tx
from shared.runtime.envelope import Received

Thing: TypeAlias = tuple[str, str]
"""(kind, name), as in `storage.replay.KNOWN`."""

Message: TypeAlias = Received[Any]
Project: TypeAlias = Callable[[Tx, Sequence[Any]], Awaitable[None]]
ProjectOne: TypeAlias = Callable[[Tx, Any], Awaitable[None]]


def nothing(_: Any) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Links:
    """`needs`: what must be there before; `gives`: what is there afterwards; `pieces`: the serials that it moves, or
    whatever else is moved in the order of the log.

    `alone`: what the log tells before it is projected before it, what it tells afterwards after it.
    """

    needs: Callable[[Any], Iterable[Thing]] = nothing
    gives: Callable[[Any], Iterable[Thing]] = nothing
    pieces: Callable[[Any], Iterable[str]] = nothing
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Events that are projected together, in the order of the log: a whole segment of it at once."""

    project: Project
    links: Mapping[type[Event], Links]


def in_turn(each: Mapping[type[Event], ProjectOne]) -> Project:
    """For what is not hot."""
    by_wire = {event_type.wire: project for event_type, project in each.items()}

    async def project(tx: Tx, messages: Sequence[Message]) -> None:
        for message in messages:
            await by_wire[message.data.wire](tx, message)

    return project


def at_outlets(*codes: str | None) -> list[Thing]:
    return [("outlet", code) for code in codes if code]


def of_makers(makers: Iterable[object]) -> list[Thing]:
    return [("maker", str(maker)) for maker in makers]


def as_report(message: Message, report: Event) -> Message:
    """What a till had said, as far as the event tells it. It was judged long ago: it is not judged again."""
    cause = message.envelope.causationid
    return replace(message, id=UUID(cause) if cause else message.id, data=report)
