"""Where cooperatives are paid: said for a day on, never changed."""

from collections.abc import Collection
from datetime import date

from shared.contracts.sales.paying import Cooperative, SetCooperative
from shared.db import Row, Tx


async def add_account(tx: Tx, told: SetCooperative, valid_from: date, by: str) -> int:
    """Its number among all facts."""
    no: int = await tx.fetchval(
        """
        INSERT INTO cooperative_account (cooperative, name, bank, account_number, account_name, valid_from, by, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now())
        RETURNING no
        """,
        told.code,
        told.name,
        told.bank,
        told.account_number,
        told.account_name,
        valid_from,
        by,
    )
    return no


async def get_accounts(tx: Tx, cooperatives: Collection[str], day: date) -> dict[str, Row]:
    """`bank, account_number, account_name` of each, as they hold on that day; who has none is left out."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (cooperative) cooperative, bank, account_number, account_name
        FROM cooperative_account
        WHERE cooperative = ANY ($1::text[]) AND valid_from <= $2
        ORDER BY cooperative, valid_from DESC, no DESC
        """,
        list(cooperatives),
        day,
    )
    return {row["cooperative"]: row for row in rows}


SAID = """
    WITH said AS (
        SELECT no, cooperative AS code, name, bank, account_number, account_name, valid_from, by, at,
               CASE WHEN valid_from > $1 THEN 'coming'
                    WHEN no = first_value(no) OVER (
                        PARTITION BY cooperative, valid_from > $1 ORDER BY valid_from DESC, no DESC) THEN 'current'
                    ELSE 'past' END AS state
        FROM cooperative_account
    )
    SELECT said.*
    FROM said
    LEFT JOIN cooperative_account last ON last.no = $3
    WHERE ($2::text IS NULL OR code = $2)
      AND ($3::bigint IS NULL OR code > last.cooperative
           OR code = last.cooperative AND (said.valid_from, said.no) < (last.valid_from, last.no))
      AND ($4::bigint IS NULL OR said.no = $4)
    ORDER BY code, said.valid_from DESC, said.no DESC
    LIMIT $5
"""


async def list_said(tx: Tx, today: date, code: str | None, after: int | None, limit: int) -> list[Row]:
    """All that was said, by code and what is said for the latest day first; after that number."""
    return await tx.fetch(SAID, today, code, after, None, limit)


async def get_said(tx: Tx, no: int, today: date) -> Cooperative:
    """It must be there."""
    [row] = await tx.fetch(SAID, today, None, None, no, 1)
    return Cooperative(**row)
