"""First answers to reports: who hands in again under the same Idempotency-Key hears what was said before.

It is handed in again all the same, because a report that was lost with its queue comes back only so.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from shared.db import Pool, away
from shared.errors import Conflict, Unavailable
from shared.runtime.pulse import Pulse

KEPT = timedelta(days=35)
SWEEP_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Claim:
    """An account's key, and what it stands for."""

    account: str
    key: str
    digest: bytes


def digest(items: list[Any]) -> bytes:
    """Differs when the reports differ, however they were written."""
    return sha256(json.dumps(items, sort_keys=True).encode()).digest()


class Answers:
    """Keeps answers for 35 days, as long as services keep theirs."""

    def __init__(self, pool: Pool, database: Pulse, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool, self._database, self._clock, self._sweep_at = pool, database, clock, 0.0

    async def claim(self, claim: Claim) -> str | None:
        """The answer given before, if there is one. Raises Conflict when the key stands for others, Unavailable."""
        with _reachable():
            await self._sweep()
            known, answer = await self._database.guard(claim_key(self._pool, claim))
        if known != claim.digest:
            raise Conflict("idempotency_key_reused", "this key was used before, for another request")
        return answer

    async def keep(self, claim: Claim, answer: str) -> str:
        """The answer to give: the one that was kept first. Raises Unavailable: the same again is safe."""
        with _reachable():
            return await self._database.guard(mark_answered(self._pool, claim, answer))

    async def _sweep(self) -> None:
        """Once an hour, by the way."""
        if self._clock() >= self._sweep_at:
            self._sweep_at = self._clock() + SWEEP_SECONDS
            await self._database.guard(delete_old(self._pool))


async def claim_key(pool: Pool, claim: Claim) -> tuple[bytes, str | None]:
    """The digest that this key stands for from now on, and its answer so far."""
    row = await pool.fetchrow(
        """
        INSERT INTO report_answer (account, key, digest) VALUES ($1, $2, $3)
        ON CONFLICT (account, key) DO UPDATE SET digest = report_answer.digest
        RETURNING digest, answer
        """,
        claim.account,
        claim.key,
        claim.digest,
    )
    assert row is not None  # either way there is a row
    return row["digest"], row["answer"]


async def mark_answered(pool: Pool, claim: Claim, answer: str) -> str:
    """The first of two that answer at once stands for both."""
    kept: str | None = await pool.fetchval(
        """
        UPDATE report_answer SET answer = coalesce(answer, $3::json)
        WHERE account = $1 AND key = $2
        RETURNING answer
        """,
        claim.account,
        claim.key,
        answer,
    )
    return kept or answer


async def delete_old(pool: Pool) -> None:
    await pool.execute("DELETE FROM report_answer WHERE at < now() - $1::interval", KEPT)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if away(error):
            raise Unavailable("database_away", "reports cannot be taken now; send them again, unchanged") from error
        raise
