"""Makers as people see them: with the home of a day, what they agree to, and the end of a NIK."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.training.domain.nik import masked
from shared.contracts.training import Maker
from shared.db import Row, Tx


async def get_maker(tx: Tx, maker_id: UUID, day: date) -> Maker | None:
    """With her home of that day. None when nobody has this id."""
    found = await list_makers(tx, [maker_id], day)
    return found[0] if found else None


async def list_makers(tx: Tx, maker_ids: Sequence[UUID], day: date) -> list[Maker]:
    rows = await tx.fetch(
        """
        SELECT m.maker_id, m.name, m.phone, m.email, m.language, m.registered_at, m.anonymised_at,
               home.rusun, home.block, home.unit, n.last_four,
               ARRAY (
                   SELECT jsonb_build_object('purpose', purpose, 'granted', granted, 'since', at)
                   FROM standing_consent
                   WHERE maker_id = m.maker_id
                   ORDER BY purpose
               ) AS consents
        FROM maker m
        CROSS JOIN LATERAL (
            SELECT rusun, block, unit FROM maker_home
            WHERE maker_id = m.maker_id AND since <= $2
            ORDER BY since DESC LIMIT 1
        ) home
        LEFT JOIN maker_nik n USING (maker_id)
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.registered_at, m.maker_id
        """,
        maker_ids,
        day,
    )
    return [_maker(row) for row in rows]


def _maker(row: Row) -> Maker:
    fields: dict[str, Any] = dict(row)
    return Maker(nik=masked(fields.pop("last_four")), **fields)
