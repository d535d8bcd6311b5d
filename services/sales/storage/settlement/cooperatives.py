"""Where cooperatives are paid: said for a day on, never changed."""

from collections.abc import Collection
from datetime import date

from shared.contracts.sales.paying import SetCooperative
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
