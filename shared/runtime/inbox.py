"""Which messages are new: kept in the handler's transaction, so that an effect happens exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.db import Tx
from shared.runtime.envelope import Arrival, Received

Messages = Sequence[Received[Any]]


@dataclass(slots=True)
class Sorted:
    """Messages by what the inbox says of them."""

    new: list[Received[Any]] = field(default_factory=list)
    repeated: list[Received[Any]] = field(default_factory=list)
    """Seen before, whoever brought them again: their sender or the broker."""
    resent: list[Received[Any]] = field(default_factory=list)
    """Those of the repeated that their sender has sent again."""
    changed: list[Received[Any]] = field(default_factory=list)
    """The id was used before, for something else."""


async def keep_all(tx: Tx, messages: Messages) -> Sorted:
    """Adds all of them, in the belief that none was seen before: a third less work than looking first.

    Raises UniqueViolationError when one was, or is there twice; the transaction is to be undone.
    """
    await tx.execute(
        """
        INSERT INTO inbox (day, id, digest, arrival)
        SELECT day, id, digest, arrival FROM unnest($1::seen[])
        ORDER BY id
        """,
        _rows(messages, [_digest(m) for m in messages]),
    )
    return Sorted(new=list(messages))


async def keep_new(tx: Tx, messages: Messages) -> Sorted:
    """Adds the unseen ones to the inbox. Of one id twice in the batch the first counts."""
    digests = {id(m): _digest(m) for m in messages}
    first: dict[Any, Received[Any]] = {}
    for message in messages:
        first.setdefault(message.id, message)
    unseen = await add_unseen(tx, list(first.values()), [digests[id(m)] for m in first.values()])
    if len(unseen) == len(messages):  # as nearly always
        return Sorted(new=list(messages))
    known = {m.id: (digests[id(m)], m.arrival.key) for m in first.values()}
    known |= await get_known(tx, [m for key, m in first.items() if key not in unseen])
    result = Sorted()
    for message in messages:
        if message.id in unseen and first[message.id] is message:
            result.new.append(message)
        elif known[message.id][0] == digests[id(message)]:
            result.repeated.append(message)
            # What came first is in this batch, or else it is known how it came: then the broker may bring that again.
            if message.id in unseen or is_resent(message.arrival, known[message.id][1]):
                result.resent.append(message)
        else:
            result.changed.append(message)
    return result


def is_resent(arrival: Arrival, first: int) -> bool:
    """Whether what was seen before was sent again; not when the broker brings again the arrival it first came in."""
    return not (arrival.again and arrival.key == first)


async def add_unseen(tx: Tx, messages: Messages, digests: list[bytes | None]) -> set[Any]:
    """The ids that were not there before. Sorted, so that two replicas never wait for each other in a circle."""
    rows = await tx.fetch(
        """
        INSERT INTO inbox (day, id, digest, arrival)
        SELECT day, id, digest, arrival FROM unnest($1::seen[])
        ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        _rows(messages, digests),
    )
    return {row["id"] for row in rows}


async def get_known(tx: Tx, messages: Messages) -> dict[Any, tuple[bytes | None, int]]:
    """The digest, and the key of the arrival that first brought it, by id."""
    if not messages:
        return {}
    rows = await tx.fetch(
        """
        SELECT i.id, i.digest, i.arrival FROM inbox i
        JOIN unnest($1::date[], $2::uuid[]) AS asked (day, id) USING (day, id)
        """,
        [m.day for m in messages],
        [m.id for m in messages],
    )
    return {row["id"]: (row["digest"], row["arrival"]) for row in rows}


def _rows(messages: Messages, digests: Sequence[bytes | None]) -> list[tuple[object, ...]]:
    return [(m.day, m.id, digest, m.arrival.key) for m, digest in zip(messages, digests, strict=True)]


def _digest(message: Received[Any]) -> bytes | None:
    """Only what comes from outside can contradict itself; our own ids are minted once."""
    return message.digest() if message.data.owner() == "outlet" else None
