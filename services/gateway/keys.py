"""The keys: made, found by their hash, revoked. A key itself is shown once and never kept."""

import hmac
import re
import secrets
from uuid import UUID

from services.gateway.auth import Account, Role, fingerprint
from shared import db
from shared.db import Pool, Tx, away
from shared.errors import Invalid, Unavailable
from shared.runtime.envelope import new_id

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


async def create(database_url: str, role: str, name: str, outlet: str | None = None) -> str:
    """Makes a key and returns it, the only time that it is seen. Raises Invalid."""
    account = _account(role, name, outlet)
    key = f"kr_{account.role}_{secrets.token_urlsafe(32)}"
    connection = await db.connect(database_url, "gateway-keys")
    try:
        await add_key(connection, new_id(), account, fingerprint(key))
    finally:
        await connection.close()
    return key


async def revoke(database_url: str, name: str) -> bool:
    """Ends every key of that name, within seconds; whether there was one."""
    connection = await db.connect(database_url, "gateway-keys")
    try:
        return await mark_revoked(connection, name) > 0
    finally:
        await connection.close()


async def find(pool: Pool, hashed: bytes) -> Account | None:
    """The account that a key's hash belongs to. Raises Unavailable."""
    try:
        row = await pool.fetchrow(
            "SELECT name, role, outlet, hash FROM api_key WHERE hash = $1 AND revoked_at IS NULL", hashed
        )
    except Exception as error:
        if away(error):
            raise Unavailable("database_away", "keys cannot be checked now") from error
        raise
    # What an index compares takes longer the more agrees; what counts is compared in constant time.
    if row is None or not hmac.compare_digest(row["hash"], hashed):
        return None
    return Account(row["name"], Role(row["role"]), row["outlet"])


async def add_key(tx: Tx, key_id: UUID, account: Account, hashed: bytes) -> None:
    await tx.execute(
        "INSERT INTO api_key (id, name, role, outlet, hash) VALUES ($1, $2, $3, $4, $5)",
        key_id,
        account.name,
        account.role,
        account.outlet,
        hashed,
    )


async def mark_revoked(tx: Tx, name: str) -> int:
    """How many keys this ended."""
    ended = await tx.fetch(
        "UPDATE api_key SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL RETURNING id", name
    )
    return len(ended)


def _account(role: str, name: str, outlet: str | None) -> Account:
    if role not in [known.value for known in Role]:
        raise Invalid("invalid_key", f"no role {role!r}; there are {', '.join(Role)}")
    if not NAME.fullmatch(name):
        raise Invalid("invalid_key", "a name has up to 64 letters, digits, dots, dashes and underscores")
    if (role == Role.OUTLET) != (outlet is not None):
        raise Invalid("invalid_key", "an outlet's code belongs to the role outlet, and only to it")
    if outlet is not None and not CODE.fullmatch(outlet):
        raise Invalid("invalid_key", "an outlet's code has up to 32 small letters, digits and dashes")
    return Account(name, Role(role), outlet)
