"""Tries parked messages again: by itself when they are due, or because a person says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from shared.db import Pool, Row, Tx
from shared.errors import Invalid, KaryaError
from shared.runtime import inbox, outbox
from shared.runtime.envelope import Arrival, Received
from shared.runtime.metrics import RESOLVED
from shared.runtime.parked import Act, ParkedMessage, storage
from shared.runtime.parked.acts import add_acts
from shared.runtime.parked.message import PERSON, WAITING
from shared.runtime.store import Store, reused

ROUND = 200
HANDLED, DUPLICATE, MISMATCH = "handled", "duplicate", "outlet_mismatch"
BY_ITSELF = Act("redriven")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Try:
    """A parked message in hand: its row, and what it says."""

    row: Row
    message: Received[Any]


@dataclass(slots=True)
class Results:
    """What came of tries, by the messages' rows."""

    passed: list[tuple[Row, str]]
    failed: list[tuple[Row, KaryaError, Received[Any] | None]]


class Redriver:
    """The parked messages of one service."""

    def __init__(self, service: str, stores: Sequence[Store]) -> None:
        self._service, self._stores = service, stores
        self._types = [kind.wire for store in stores for kind in store.handlers]

    async def round(self, pool: Pool, at: datetime) -> int:
        """Tries up to ROUND messages that are due. Returns how many were tried."""
        async with pool.acquire() as tx, tx.transaction():
            rows = await storage.claim_due(tx, self._types, at, ROUND)
            await self.attempt(tx, rows, BY_ITSELF, at)
        return len(rows)

    def read(self, row: Row, envelope: Any, at: datetime) -> Received[Any]:
        """What a parked message says. Raises Invalid, naming the fields.

        What came from an outlet is read as what outlets may say, whatever type it claims to be.
        """
        stores = [store for store in self._stores if store.foreign] if row["arrival"] else self._stores
        kind = envelope.get("type") if isinstance(envelope, dict) else None
        store = next((store for store in stores if store.knows(kind)), None)
        if store is None:
            known = sorted([t.wire for store in stores for t in store.handlers])
            reason = f"not one of {', '.join(known)}"
            raise Invalid("unknown_type", f"type: {reason}", errors=[{"field": "type", "reason": reason}])
        # A key of its own: a duplicate that is found only now is counted once, for this message.
        return store.decoder.check(envelope, at, Arrival(row["id"].int & 0x7FFF_FFFF_FFFF_FFFF))

    async def attempt(self, tx: Tx, rows: Sequence[Row], act: Act, at: datetime) -> int:
        """Tries locked messages now, whoever they wait for. Returns how many passed."""
        results = Results([], [])
        tries = [one for row in rows if (one := self._take_up(row, act, at, results)) is not None]
        tries = await self._admit(tx, tries, act, results)
        await self._settle(tx, results, act, at)
        passed = len(results.passed)
        for store in self._stores:
            await store.prepare([one.message for one in tries if store.knows(one.message.data.wire)], tx)
        for store in self._stores:
            for kind in store.handlers:
                same = [one for one in tries if one.message.data.wire == kind.wire]
                results = await self._apply(tx, store, same)
                # Before the next type, whose facts may be what these wait for: it wakes those of a known reason.
                await self._settle(tx, results, act, at)
                passed += len(results.passed)
        return passed

    def _take_up(self, row: Row, act: Act, at: datetime, results: Results) -> Try | None:
        """The message to try, or None when it (still) cannot be: then it stays for a person."""
        try:
            message = self.read(row, row["envelope"], at)
            if row["code"] == MISMATCH and not _vouched_for(message, act):
                raise Invalid(MISMATCH, row["detail"])
            return Try(row, replace(message, overrules=act.chosen == "parked"))
        except KaryaError as error:
            results.failed.append((row, error, None))
            return None

    async def _admit(self, tx: Tx, tries: Sequence[Try], act: Act, results: Results) -> list[Try]:
        """What could not be read before, or was another outlet's, has not been through the inbox yet."""
        new = {id(one.message): one for one in tries if one.message.id != one.row["event_id"]}
        if not new:
            return list(tries)
        await storage.mark_known(tx, [(one.row["id"], one.message.id) for one in new.values()])
        seen = await inbox.keep_new(tx, [one.message for one in new.values()])
        again = {id(message) for message in seen.repeated}
        other = {id(message) for message in seen.changed} if act.chosen != "parked" else set[int]()
        results.passed += [(one.row, DUPLICATE) for key, one in new.items() if key in again]
        results.failed += [(one.row, reused(one.message), one.message) for key, one in new.items() if key in other]
        for store in self._stores:
            repeated = [message for message in seen.repeated if store.knows(message.data.wire)]
            await store.count_duplicates(tx, repeated, [])
        return [one for one in tries if id(one.message) not in again | other]

    async def _apply(self, tx: Tx, store: Store, tries: Sequence[Try]) -> Results:
        results = Results([], [])
        if not tries:
            return results
        applied = await store.handle(tx, [one.message for one in tries])
        errors = {id(refused.message): refused.error for refused in applied.refused}
        ignored = {id(outcome.message): outcome.reason for outcome in applied.ignored}
        for one in tries:
            error = errors.get(id(one.message))
            if error:
                results.failed.append((one.row, error, one.message))
            else:
                results.passed.append((one.row, ignored.get(id(one.message), HANDLED)))
        await outbox.put(tx, store.service, applied.caused, store.clock())
        await store.count_duplicates(tx, [], applied.ignored)
        return results

    async def _settle(self, tx: Tx, results: Results, act: Act, at: datetime) -> None:
        """Writes down what came of it, and announces what needs a person from now on."""
        if not (results.passed or results.failed):
            return
        said = ": the parked one is right" if act.chosen else ""
        passed = [(row["id"], outcome) for row, outcome in results.passed]
        await storage.mark_passed(tx, [(key, outcome + said) for key, outcome in passed], act.actor, at)
        states = await storage.mark_failed(tx, [(row, error) for row, error, _ in results.failed], at)
        failed = [(row, error, states[row["id"]]) for row, error, _ in results.failed]
        if act is BY_ITSELF:
            expired = [(row["id"], error.code) for row, error, state in failed if state == PERSON and error.tries != 0]
            await add_acts(tx, Act("expired"), expired, at)
            failed = [one for one in failed if (one[0]["id"], one[1].code) not in expired and _differs(*one)]
        await add_acts(tx, act, [*passed, *[(row["id"], error.code) for row, error, _ in failed]], at)
        await self._announce(tx, results, states, at)
        if passed:
            RESOLVED.labels(self._service, act.name).inc(len(passed))
            log.info("parked_redriven", passed=len(passed), act=act.name, by=act.actor)

    async def _announce(self, tx: Tx, results: Results, states: Mapping[UUID, str], at: datetime) -> None:
        turned = [
            ParkedMessage(
                row["id"],
                message.id if message else row["event_id"],
                message.data.wire if message else row["type"],
                message.data.subject if message else row["subject"],
                row["envelope"],
                error,
                Arrival(row["arrival"]),
                message,
                PERSON,
            )
            for row, error, message in results.failed
            if row["told"] == WAITING and states[row["id"]] == PERSON
        ]
        if turned:
            store = self._stores[0]
            await outbox.put(tx, store.service, await store.announce(tx, turned, at), at)


def _differs(row: Row, error: KaryaError, state: str) -> bool:
    """Whether a try by itself has changed anything: the others would only fill the history."""
    return bool(row["code"] != error.code or row["state"] != state)


def _vouched_for(message: Received[Any], act: Act) -> bool:
    """Whether a person has said whose report it is: that it is right as it stands, or which outlet's."""
    before = act.before["data"] if act.before else {}
    named = before.get("outlet") if isinstance(before, dict) else None
    return act.chosen == "parked" or (act.name == "corrected" and named != getattr(message.data, "outlet", None))
