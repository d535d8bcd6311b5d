"""The ledger of consents: only ever added to; what stands is the latest row of each purpose."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from shared.contracts.training import Consent, Purpose
from shared.db import Tx


class Said(NamedTuple):
    """One row of the ledger, written by whoever writes the others of its batch."""

    maker_id: UUID
    purpose: Purpose
    granted: bool
    at: datetime
    note: str | None = None


async def add_consents(tx: Tx, said: Sequence[Said], by: str) -> None:
    await tx.execute(
        """
        INSERT INTO consent (maker_id, purpose, granted, at, note, recorded_by)
        SELECT *, $6 FROM unnest($1::uuid[], $2::text[], $3::boolean[], $4::timestamptz[], $5::text[])
        """,
        [one.maker_id for one in said],
        [one.purpose for one in said],
        [one.granted for one in said],
        [one.at for one in said],
        [one.note for one in said],
        by,
    )


async def list_standing(tx: Tx, maker_id: UUID) -> dict[Purpose, Consent]:
    """What she said last of each purpose. Her row must be locked: what stands would else be another's by now."""
    rows = await tx.fetch(
        "SELECT purpose, granted, at AS since FROM standing_consent WHERE maker_id = $1 ORDER BY purpose", maker_id
    )
    return {Purpose(row["purpose"]): Consent(**row) for row in rows}
