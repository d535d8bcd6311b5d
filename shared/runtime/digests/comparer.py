"""Finds out what has left a producer and never arrived here, and has it sent again.

A round asks the producers what has left them, waits until this service's queues have been seen empty, and only then
looks into the inbox: what was under way when they were asked has arrived by then. Any backlog is waited for.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

import structlog

from shared.contracts.message import Event, Part, Request
from shared.contracts.operations import Digests, GetDigests, ListLogged, LoggedIds, ResendEvents
from shared.db import Pool
from shared.runtime import metrics
from shared.runtime.backlog import Backlog
from shared.runtime.digests import spans, storage
from shared.runtime.digests.spans import Span, Tally
from shared.runtime.envelope import now
from shared.runtime.migrate import INBOX_DAYS
from shared.runtime.patience import lost_if_dropped

R = TypeVar("R", bound=Part)
PAGE = 5000
ASK_SECONDS, RESEND_SECONDS = 30.0, 10.0
OVERLAP = timedelta(seconds=10)
"""The clocks that mint ids, and PostgreSQL's, which says since when a transaction is open, may differ by this."""

HELD = timedelta(hours=1)
"""What has not left for longer is looked after by the deep comparison, or every round would go back to it."""

DEEP, DEEP_EVERY = timedelta(days=1), timedelta(hours=1)
FARTHEST = timedelta(days=INBOX_DAYS - 1)
log = structlog.get_logger(__name__)


class Ask(Protocol):
    """What is needed of the requests client."""

    async def __call__(self, request: Request[R], *, actor: str, to: str, timeout: float) -> R: ...  # noqa: ASYNC109


def producers(events: Sequence[type[Event]]) -> dict[str, list[str]]:
    """The types that are listened to, by the service that sends them. Tills keep no log that could be asked."""
    found: dict[str, list[str]] = {}
    for event in events:
        if event.owner() != "outlet":
            found.setdefault(event.owner(), []).append(event.wire)
    return found


@dataclass(frozen=True, slots=True)
class Window:
    """What a round compares: all that is not known to be sound; of the whole last day when it is `deep`."""

    since: datetime
    until: datetime
    deep_at: datetime

    @property
    def edges(self) -> list[int]:
        return spans.cut(spans.milliseconds(self.since), spans.milliseconds(self.until))


@dataclass(frozen=True, slots=True)
class Look:
    """Both sides of the same buckets."""

    edges: Sequence[int]
    mine: Mapping[int, Tally]
    theirs: Mapping[str, Digests]

    @property
    def differing(self) -> list[Span]:
        return spans.differing(self.edges, self.mine, spans.together(_tallies(d) for d in self.theirs.values()))

    def events_of(self, producer: str) -> int:
        return sum(digest.n for digest in self.theirs[producer].items)

    def held_since(self, until: datetime) -> datetime:
        """Before which everything had left its producer when it was asked; `until` at most."""
        held = [spans.moment(d.held_since) for d in self.theirs.values() if d.held_since is not None]
        return min([until, *held])


@dataclass(frozen=True)
class Comparer:
    """One for each replica; they take turns. `every`: seconds from one round to the next."""

    service: str
    producers: Mapping[str, list[str]]
    pool: Pool
    ask: Ask
    backlog: Backlog
    every: float

    async def run(self) -> None:
        """Until cancelled. A producer that is away is asked again in the next round; nothing is lost by waiting."""
        metrics.UNKNOWN.labels(self.service)  # from zero on, or the first increase would be seen by no alert
        for producer in self.producers:
            metrics.DIFFERENCES.labels(self.service, producer)
            metrics.RESENT.labels(self.service, producer)
        await asyncio.sleep(self.every * random.random())  # noqa: S311 - no secret
        while True:
            began = time.monotonic()
            try:
                await lost_if_dropped(self.round(now()))
            except Exception as error:
                log.warning("comparison_waits", reason=type(error).__name__)
            await asyncio.sleep(max(began + self.every - time.monotonic(), 0))

    async def round(self, at: datetime) -> None:
        """Raises Unavailable when a producer does not answer: the inbox does not say whose event an id is."""
        window = await self._claim(at)
        if window is None:
            return
        first = await self._look(window.edges, pause=self.every / 2)
        missing = dict.fromkeys(self.producers, 0)
        open_spans = list(first.differing)
        while open_spans:
            span = open_spans.pop()
            if span.n > PAGE and span.until - span.since > 1:
                open_spans += (await self._look(spans.cut_finer(span))).differing
            else:
                for producer, count in (await self._examine(span, at)).items():
                    missing[producer] += count
        await self._mend(at)
        await self._note(window, first, missing, at)

    async def _claim(self, at: datetime) -> Window | None:
        """What is to be compared now; None: another replica does, or there is nothing yet."""
        types = sorted(kind for kinds in self.producers.values() for kind in kinds)
        async with self.pool.acquire() as tx, tx.transaction():
            state = await storage.claim_comparison(tx, types, at, timedelta(seconds=self.every * 0.9))
        if state is None:
            return None
        # Events of this very moment are still on their way on both sides.
        until = at - timedelta(seconds=self.every / 4)
        since, deep_at = state["sound_until"] - OVERLAP, state["deep_at"]
        if at - deep_at >= DEEP_EVERY:
            since, deep_at = min(since, until - DEEP), at
        since = max(since, state["since"], until - FARTHEST)
        return Window(since, until, deep_at) if since < until else None

    async def _look(self, edges: Sequence[int], pause: float = 0) -> Look:
        """First they, then, when what had left them is here, we. Meanwhile other replicas finish what they have."""
        names = list(self.producers)
        answers = await asyncio.gather(
            *[self._ask(GetDigests(types=self.producers[name], edges=list(edges)), name) for name in names]
        )
        await asyncio.sleep(pause)
        await self.backlog.worked_off()
        async with self.pool.acquire() as tx, tx.transaction():
            rows = await storage.list_taken(tx, edges)
        mine = {row["bucket"]: Tally(row["n"], row["hash"]) for row in rows}
        return Look(edges, mine, dict(zip(names, answers, strict=True)))

    async def _examine(self, span: Span, at: datetime) -> dict[str, int]:
        """Compares a few ids one by one. Returns how many are newly found to be missing, by producer."""
        logged = {name: await self._list_logged(span, name) for name in self.producers}
        await self.backlog.worked_off()
        missing: dict[str, int] = {}
        async with self.pool.acquire() as tx, tx.transaction():
            for name, (sent, _) in logged.items():
                missing[name] = await storage.add_missing(tx, name, sent, at)
            known = [key for sent, held in logged.values() for key in (*sent, *held)]
            unknown = await storage.add_unknown(tx, span, known, at)
        self._tell(missing, unknown, span)
        return missing

    async def _list_logged(self, span: Span, producer: str) -> tuple[list[UUID], list[UUID]]:
        """Ids that have left, and ids that are held."""
        sent, held = list[UUID](), list[UUID]()
        query = ListLogged(types=self.producers[producer], since=span.since, until=span.until, limit=PAGE)
        while True:
            page: LoggedIds = await self._ask(query, producer)
            sent, held = sent + page.sent, held + page.held
            if len(page.sent) + len(page.held) < PAGE:
                return sent, held
            query = query.model_copy(update={"after": max(page.sent[-1:] + page.held[-1:])})

    async def _mend(self, at: datetime) -> None:
        """Has sent again what is due. In the transaction that notes the try: who is not heard has not tried."""
        more = True
        while more:
            async with self.pool.acquire() as tx, tx.transaction():
                await storage.mark_arrived(tx)
                due = await storage.claim_due(tx, at, PAGE)
                for producer in sorted({row["producer"] for row in due}):
                    ids = [row["id"] for row in due if row["producer"] == producer]
                    resent = await self._ask(ResendEvents(ids=ids), producer, RESEND_SECONDS)
                    metrics.RESENT.labels(self.service, producer).inc(resent.count)
                    log.warning("missing_events_asked_for", producer=producer, asked=len(ids), resent=resent.count)
            more = len(due) == PAGE

    async def _note(self, window: Window, look: Look, missing: Mapping[str, int], at: datetime) -> None:
        sound = max(look.held_since(window.until), window.until - HELD)
        first, last = look.edges[0], look.edges[-1]
        async with self.pool.acquire() as tx, tx.transaction():
            for name in self.producers:
                await storage.mark_compared(tx, name, at, Span(first, last, look.events_of(name)), missing[name])
            await storage.mark_sound(tx, sound, window.deep_at)

    def _tell(self, missing: Mapping[str, int], unknown: Sequence[UUID], span: Span) -> None:
        between = {"since": spans.moment(span.since).isoformat(), "until": spans.moment(span.until).isoformat()}
        for producer, count in missing.items():
            if count:
                metrics.DIFFERENCES.labels(self.service, producer).inc(count)
                log.error("events_missing", producer=producer, count=count, **between)
        if unknown:
            metrics.UNKNOWN.labels(self.service).inc(len(unknown))
            log.error("events_unknown_to_their_producer", ids=[str(key) for key in unknown[:10]], **between)

    async def _ask(self, request: Request[R], producer: str, seconds: float = ASK_SECONDS) -> R:
        return await self.ask(request, actor=f"service:{self.service}", to=producer, timeout=seconds)


def _tallies(digests: Digests) -> dict[int, Tally]:
    return {digest.bucket: Tally(digest.n, digest.hash) for digest in digests.items}
