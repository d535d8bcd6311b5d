"""The ledger: transfers are added, never changed."""

from collections.abc import Sequence

from services.sales.domain.ledger import Transfer
from shared.db import Tx, copy_rows


async def add_transfers(tx: Tx, transfers: Sequence[Transfer]) -> None:
    await copy_rows(tx, "transfer", Transfer._fields, transfers)
