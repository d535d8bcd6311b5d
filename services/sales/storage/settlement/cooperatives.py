"""Where cooperatives are paid: said for a day on by two people, never changed."""

from collections.abc import Collection
from datetime import date

from shared.contracts.sales.paying import Cooperative, SetCooperative
from shared.db import Row, Tx

MOST = 10_000
"""More than is ever said of one cooperative."""


async def add_account(tx: Tx, told: SetCooperative, valid_from: date, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO cooperative_account (cooperative, name, bank, account_number, account_name, valid_from, by, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now())
        """,
        told.code,
        told.name,
        told.bank,
        told.account_number,
        told.account_name,
        valid_from,
        by,
    )


async def get_accounts(tx: Tx, cooperatives: Collection[str], day: date) -> dict[str, Row]:
    """`bank, account_number, account_name` of each, as they hold on that day; who has none is left out."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (cooperative) cooperative, bank, account_number, account_name
        FROM cooperative_account_said
        WHERE cooperative = ANY ($1::text[]) AND valid_from <= $2 AND agreed IS NOT NULL
        ORDER BY cooperative, valid_from DESC, agreed DESC
        """,
        list(cooperatives),
        day,
    )
    return {row["cooperative"]: row for row in rows}


SAID = """
    WITH said AS (
        SELECT no, cooperative AS code, name, bank, account_number, account_name, valid_from, by, at, confirmed_by,
               CASE WHEN agreed IS NULL THEN 'proposed'
                    WHEN valid_from > $1 THEN 'coming'
                    WHEN agreed = first_value(agreed) OVER (
                        PARTITION BY cooperative, valid_from > $1 ORDER BY agreed IS NULL, valid_from DESC, agreed DESC
                    ) THEN 'current'
                    ELSE 'past' END AS state
        FROM cooperative_account_said
    )
    SELECT said.*
    FROM said
    LEFT JOIN cooperative_account last ON last.no = $3
    WHERE ($2::text IS NULL OR code = $2)
      AND ($3::bigint IS NULL OR code > last.cooperative
           OR code = last.cooperative AND (said.valid_from, said.no) < (last.valid_from, last.no))
    ORDER BY code, said.valid_from DESC, said.no DESC
    LIMIT $4
"""


async def list_said(tx: Tx, today: date, code: str | None, after: int | None, limit: int) -> list[Row]:
    """All that was said, by code and what is said for the latest day first; after that number."""
    return await tx.fetch(SAID, today, code, after, limit)


async def lock_said(tx: Tx, told: SetCooperative, valid_from: date) -> Row | None:
    """`by, agreed` of what is said already. Until the end of the transaction nobody else says anything of it."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('cooperative_account'), hashtext($1))", told.code)
    return await tx.fetchrow(
        """
        SELECT by, agreed FROM cooperative_account_said
        WHERE (cooperative, valid_from, name, bank, account_number, account_name) = ($1, $2, $3, $4, $5, $6)
        """,
        told.code,
        valid_from,
        told.name,
        told.bank,
        told.account_number,
        told.account_name,
    )


async def get_said(tx: Tx, told: SetCooperative, valid_from: date, today: date) -> Cooperative:
    """It must have been said."""
    rows = await list_said(tx, today, told.code, None, MOST)
    facts = {"valid_from": valid_from, **told.model_dump(include={"name", "bank", "account_number", "account_name"})}
    return Cooperative(**next(row for row in rows if facts.items() <= dict(row).items()))
