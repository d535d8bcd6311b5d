"""What a service tells those who compare: its consumers and, of its own comparisons, an operator."""

from itertools import pairwise

import structlog

from shared.contracts.message import Event
from shared.contracts.operations import (
    Comparison,
    Comparisons,
    Digest,
    Digests,
    GetDigests,
    ListComparisons,
    ListLogged,
    LoggedIds,
    ResendEvents,
    Resent,
)
from shared.db import Tx
from shared.errors import Invalid
from shared.runtime.digests import log as sent
from shared.runtime.digests import spans, storage
from shared.runtime.envelope import Received

log = structlog.get_logger(__name__)


async def get_digests(query: Received[GetDigests], tx: Tx) -> Digests:
    """Raises Invalid for edges that do not rise."""
    types, edges = query.data.types, query.data.edges
    if any(left >= right for left, right in pairwise(edges)):
        raise Invalid("invalid", "edges: do not rise", errors=[{"field": "edges", "reason": "do not rise"}])
    open_since = await sent.get_oldest_open(tx)
    rows = await sent.list_sent(tx, types, edges)
    held = await sent.get_oldest_held(tx, types)
    since = [spans.milliseconds(open_since)] if open_since else []
    since += [spans.minted_at(held)] if held else []
    return Digests(items=[Digest(**row) for row in rows], held_since=min(since, default=None))


async def list_logged(query: Received[ListLogged], tx: Tx) -> LoggedIds:
    asked = query.data
    first = spans.first_id(asked.since) if asked.after is None else spans.following(asked.after)
    rows = await sent.list_logged(tx, asked.types, first, spans.first_id(asked.until), asked.limit)
    return LoggedIds(
        sent=[row["id"] for row in rows if not row["held"]], held=[row["id"] for row in rows if row["held"]]
    )


async def resend_events(command: Received[ResendEvents], tx: Tx) -> tuple[Resent, list[Event]]:
    count = await sent.add_again(tx, command.data.ids)
    log.warning("events_sent_again", count=count, asked=len(command.data.ids), by=command.actor)
    return Resent(count=count), []


async def list_comparisons(_: Received[ListComparisons], tx: Tx) -> Comparisons:
    return Comparisons(items=[Comparison(**row) for row in await storage.list_compared(tx)])
