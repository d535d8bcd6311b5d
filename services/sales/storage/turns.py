"""Locks on outlets, held until the transaction ends. Their keys are in a space of their own, apart from receipts."""

from collections.abc import Sequence

from shared.db import Tx


async def lock_outlets(tx: Tx, outlets: Sequence[str]) -> None:
    """Alone. `outlets`: in one order, as everywhere."""
    await tx.execute("SELECT pg_advisory_xact_lock(1, hashtext(code)) FROM unnest($1::text[]) AS code", outlets)


async def lock_outlets_shared(tx: Tx, outlets: Sequence[str]) -> None:
    """Beside others that do the same."""
    await tx.execute("SELECT pg_advisory_xact_lock_shared(1, hashtext(code)) FROM unnest($1::text[]) AS code", outlets)
