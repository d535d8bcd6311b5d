"""The operator's requests that every service answers: look at parked messages, try them again, discard them."""

from typing import Any

from shared.contracts.message import Event
from shared.contracts.operations import DiscardParked, GetParked, ListParked, Parked, ParkedPage, RedriveParked
from shared.db import Row, Tx
from shared.errors import NotFound, Rejected
from shared.runtime import parked
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor
from shared.runtime.redrive import Redriver

OPEN = ("waiting", "person")
SHOWN = tuple(name for name in Parked.model_fields if name not in ("parked_id", "event", "candidates"))


async def list_parked(query: Received[ListParked], tx: Tx) -> ParkedPage:
    asked = query.data
    states = {"open": list(OPEN), "all": [*OPEN, "redriven", "discarded"]}.get(asked.state, [asked.state])
    moment, parked_id = decode_place(asked.cursor)
    rows = await tx.fetch(
        """
        SELECT * FROM parked
        WHERE state = ANY($1::text[]) AND ($2::text IS NULL OR code = $2)
          AND ($3::timestamptz IS NULL OR (parked_at, id) < ($3, $4::uuid))
        ORDER BY parked_at DESC, id DESC
        LIMIT $5
        """,
        states,
        asked.code,
        moment,
        parked_id,
        asked.limit,
    )
    full = len(rows) == asked.limit
    following = encode_cursor(rows[-1]["parked_at"].isoformat(), rows[-1]["id"]) if full else None
    return ParkedPage(items=[_view(row) for row in rows], next=following)


async def get_parked(query: Received[GetParked], tx: Tx) -> Parked:
    row = await tx.fetchrow("SELECT * FROM parked WHERE id = $1", query.data.parked_id)
    if row is None:
        raise NotFound("parked_unknown", f"no parked message {query.data.parked_id}")
    return _view(row, whole=True)


async def discard_parked(command: Received[DiscardParked], tx: Tx) -> tuple[Parked, list[Event]]:
    parked_id = command.data.parked_id
    row = await parked.lock_parked(tx, parked_id)
    if row is None:
        raise NotFound("parked_unknown", f"no parked message {parked_id}")
    if row["state"] not in OPEN:
        raise Rejected("parked_settled", f"this message is {row['state']} already")
    await parked.mark_discarded(tx, parked_id, command.actor, command.data.reason, command.now)
    after = await parked.lock_parked(tx, parked_id)
    assert after is not None
    return _view(after, whole=True), []


class Redrive:
    """The handler of RedriveParked: needs the service's own handlers."""

    def __init__(self, redriver: Redriver) -> None:
        self._redriver = redriver

    async def __call__(self, command: Received[RedriveParked], tx: Tx) -> tuple[Parked, list[Event]]:
        await self._redriver.one(tx, command.data.parked_id, command.actor, command.now)
        row = await parked.lock_parked(tx, command.data.parked_id)
        assert row is not None
        return _view(row, whole=True), []


def _view(row: Row, whole: bool = False) -> Parked:
    shown: dict[str, Any] = {name: row[name] for name in SHOWN}
    return Parked(parked_id=row["id"], candidates=row["candidates"], event=row["envelope"] if whole else None, **shown)
