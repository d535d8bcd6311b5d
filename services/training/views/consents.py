"""What may be shown of makers in public."""

from services.training.domain.calendar import jakarta_day
from shared.contracts.training import Purpose
from shared.contracts.training.consents import GetPublicNames, PublicName, PublicNames
from shared.db import Tx
from shared.runtime.envelope import Received


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
