"""What makers agreed to, and what may be shown of them in public."""

from services.training.domain.calendar import jakarta_day
from services.training.views.people import find_maker
from shared.contracts.training import Purpose
from shared.contracts.training.consents import (
    ConsentEntry,
    ConsentHistory,
    GetPublicNames,
    ListConsents,
    PublicName,
    PublicNames,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_consents(query: Received[ListConsents], tx: Tx) -> ConsentHistory:
    """Of one maker, also of one who is anonymised. Raises NotFound."""
    asked = query.data
    await find_maker(tx, asked.maker_id)
    rows = await tx.fetch(
        """
        SELECT seq, purpose, granted, at, recorded_by AS by, note
        FROM consent
        WHERE maker_id = $1 AND ($2::bigint IS NULL OR seq < $2)
        ORDER BY seq DESC
        LIMIT $3
        """,
        asked.maker_id,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    return ConsentHistory(items=[ConsentEntry(**row) for row in shown], next=following)


async def get_public_names(query: Received[GetPublicNames], tx: Tx) -> PublicNames:
    """By what stands at this moment. The rusun is the one in which she lives today."""
    rows = await tx.fetch(
        """
        SELECT m.maker_id, may_show_photo, may_show_price_parts,
               CASE WHEN named THEN m.name END AS name,
               CASE WHEN named THEN home.name END AS rusun_name,
               CASE WHEN named THEN ARRAY (
                   SELECT DISTINCT c.craft FROM certificate i JOIN cohort c USING (cohort_id)
                   WHERE i.maker_id = m.maker_id ORDER BY c.craft
               ) ELSE '{}' END AS crafts
        FROM maker m
        CROSS JOIN LATERAL (
            SELECT coalesce(bool_or(granted) FILTER (WHERE purpose = $3), false) AS named,
                   coalesce(bool_or(granted) FILTER (WHERE purpose = $4), false) AS may_show_photo,
                   coalesce(bool_or(granted) FILTER (WHERE purpose = $5), false) AS may_show_price_parts
            FROM standing_consent WHERE maker_id = m.maker_id
        ) consent
        CROSS JOIN LATERAL (
            SELECT r.name FROM maker_home h JOIN rusun r ON r.code = h.rusun
            WHERE h.maker_id = m.maker_id AND h.since <= $2
            ORDER BY h.since DESC LIMIT 1
        ) home
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.maker_id
        """,
        query.data.maker_ids,
        jakarta_day(query.now),
        Purpose.PUBLIC_NAME,
        Purpose.CATALOGUE_PHOTO,
        Purpose.PRICE_PARTS,
    )
    return PublicNames(items=[PublicName(**row) for row in rows])
