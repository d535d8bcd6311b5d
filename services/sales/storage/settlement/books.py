"""The ledger as settlement reads it, also while it stands still."""

from uuid import UUID

from shared.db import Tx

PATIENCE = "SET LOCAL lock_timeout = '3s'"
"""The tills' postings queue behind whoever waits for the ledger. Then rather not now: the command can be repeated."""


async def lock_ledger(tx: Tx) -> None:
    """Nobody posts until the end of the transaction, except us."""
    await tx.execute(f"{PATIENCE}; LOCK TABLE transfer IN SHARE ROW EXCLUSIVE MODE")


async def get_account(tx: Tx, kind: str, owner: str) -> int:
    """It must be open."""
    account: int = await tx.fetchval("SELECT id FROM account WHERE kind = $1 AND owner = $2", kind, owner)
    return account


async def get_owed(tx: Tx, account: int) -> int:
    """Everything credited less everything debited, in rupiah."""
    owed: int = await tx.fetchval(
        """
        SELECT (SELECT coalesce(sum(amount), 0) FROM transfer WHERE credit = $1)::bigint
             - (SELECT coalesce(sum(amount), 0) FROM transfer WHERE debit = $1)::bigint
        """,
        account,
    )
    return owed


async def get_maker_account(tx: Tx, maker_id: UUID) -> int | None:
    account: int | None = await tx.fetchval("SELECT account FROM maker WHERE maker_id = $1", maker_id)
    return account
