"""Outlets, their accounts and their agreements."""

from collections.abc import Sequence

from services.sales.domain.outlets import Remitting
from services.sales.domain.sales import Outlet
from services.sales.domain.split import Terms
from shared.db import Row, Tx


async def open_accounts(tx: Tx, kinds: Sequence[str], owner: str) -> None:
    """Opens those that the owner does not have."""
    await tx.execute(
        """
        INSERT INTO account (kind, owner)
        SELECT kind, $2 FROM unnest($1::text[]) AS kind
        ON CONFLICT (kind, owner) DO NOTHING
        """,
        kinds,
        owner,
    )


async def add_outlet(tx: Tx, code: str, name: str, place: str) -> bool:
    """False when the code is taken. Its two accounts must be open."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO outlet (code, name, place, receivable, commission)
            SELECT $1, $2, $3, receivable.id, commission.id
            FROM account receivable, account commission
            WHERE receivable.kind = 'outlet-receivable' AND receivable.owner = $1
              AND commission.kind = 'outlet-commission' AND commission.owner = $1
            ON CONFLICT (code) DO NOTHING
            RETURNING true
            """,
            code,
            name,
            place,
        )
    )


async def add_agreement(tx: Tx, outlet: str, terms: Terms, remitting: Remitting) -> bool:
    """False when something is agreed for that date already."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO agreement (outlet, valid_from, outlet_bps, programme_bps,
                                   hold_days, advances, remits, grace_days)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (outlet, valid_from) DO NOTHING
            RETURNING true
            """,
            outlet,
            terms.valid_from,
            terms.outlet_bps,
            terms.programme_bps,
            *remitting,
        )
    )


async def get_outlet(tx: Tx, code: str) -> Row | None:
    return await tx.fetchrow("SELECT code, name, place FROM outlet WHERE code = $1", code)


async def list_agreements(tx: Tx, code: str) -> list[Row]:
    """The oldest first."""
    return await tx.fetch(
        """
        SELECT valid_from, outlet_bps, programme_bps, hold_days, advances, remits, grace_days
        FROM agreement WHERE outlet = $1 ORDER BY valid_from
        """,
        code,
    )


async def get_outlets(tx: Tx, codes: set[str]) -> dict[str, Outlet]:
    """Those that exist, with all that was ever agreed with them."""
    rows = await tx.fetch(
        """
        SELECT o.code, o.receivable, o.commission, p.id AS programme,
               a.valid_from, a.outlet_bps, a.programme_bps
        FROM outlet o
        JOIN account p ON p.kind = 'programme-share'
        LEFT JOIN agreement a ON a.outlet = o.code
        WHERE o.code = ANY ($1::text[])
        ORDER BY o.code, a.valid_from
        """,
        list(codes),
    )
    terms: dict[str, list[Terms]] = {}
    for row in rows:
        agreed = terms.setdefault(row["code"], [])
        if row["valid_from"] is not None:
            agreed.append(Terms(row["valid_from"], row["outlet_bps"], row["programme_bps"]))
    return {
        row["code"]: Outlet(row["receivable"], row["commission"], row["programme"], tuple(terms[row["code"]]))
        for row in rows
    }
