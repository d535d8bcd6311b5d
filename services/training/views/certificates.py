"""Certificates, by their number."""

from shared.contracts.training import Certificate, GetCertificate
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_certificate(query: Received[GetCertificate], tx: Tx) -> Certificate:
    row = await tx.fetchrow(
        """
        SELECT i.number, i.maker_id, i.cohort_id, c.craft, c.title, i.minutes, i.issued_on
        FROM certificate i
        JOIN cohort c USING (cohort_id)
        WHERE i.number = $1
        """,
        query.data.number,
    )
    if row is None:
        raise NotFound("certificate_not_found", "There is no certificate with this number")
    return Certificate(**row)
