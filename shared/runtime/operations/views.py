"""What an operator sees of parked messages, with their reasons in plain words."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from shared.contracts.operations import (
    GetParked,
    ListParked,
    Parked,
    ParkedAct,
    ParkedPage,
    ParkedReason,
    ParkedReasons,
    SummariseReasons,
)
from shared.db import Row, Tx
from shared.errors import NotFound, Reason
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor
from shared.runtime.parked import views
from shared.runtime.parked.acts import list_acts
from shared.runtime.parked.message import OPEN
from shared.runtime.parked.reasons import explain

COMPUTED = ("parked_id", "event", "history", "candidates", "means", "remedy")
STORED = tuple(name for name in Parked.model_fields if name not in COMPUTED)


class Views:
    """The queries of one service: `reasons` are its own words for its codes."""

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        self._reasons = reasons

    async def list_parked(self, query: Received[ListParked], tx: Tx) -> ParkedPage:
        asked = query.data
        states = {"open": list(OPEN), "all": [*OPEN, "redriven", "discarded"]}.get(asked.state, [asked.state])
        rows = await views.list_parked(tx, states, asked.code, decode_place(asked.cursor), asked.limit)
        full = len(rows) == asked.limit
        following = encode_cursor(rows[-1]["parked_at"].isoformat(), rows[-1]["id"]) if full else None
        return ParkedPage(items=[self._brief(row) for row in rows], next=following)

    async def get_parked(self, query: Received[GetParked], tx: Tx) -> Parked:
        return await self.whole(tx, query.data.parked_id)

    async def summarise_reasons(self, _: Received[SummariseReasons], tx: Tx) -> ParkedReasons:
        rows = await views.list_reasons(tx)
        return ParkedReasons(items=[ParkedReason(**row, **self._words(row)) for row in rows])

    async def whole(self, tx: Tx, parked_id: UUID) -> Parked:
        """One message with all that it says and that was done about it. Raises NotFound."""
        row = await views.get_parked(tx, parked_id)
        if row is None:
            raise NotFound("parked_unknown", f"no parked message {parked_id}")
        history = [_act(act) for act in await list_acts(tx, parked_id)]
        return self._brief(row).model_copy(update={"event": row["envelope"], "history": history})

    def _brief(self, row: Row) -> Parked:
        stored: dict[str, Any] = {name: row[name] for name in STORED}
        return Parked(parked_id=row["id"], candidates=row["candidates"], **stored, **self._words(row))

    def _words(self, row: Row) -> dict[str, str]:
        return asdict(explain(self._reasons, row["code"], row["kind"]))


def _act(row: Row) -> ParkedAct:
    return ParkedAct(right=row["chosen"], **{name: row[name] for name in ParkedAct.model_fields if name != "right"})
