"""Certificates, by their number."""

from shared.contracts.training import Certificate, GetCertificate, Purpose
from shared.contracts.training.certificates import Verification, VerifyCertificate
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


async def verify_certificate(query: Received[VerifyCertificate], tx: Tx) -> Verification:
    """For anybody who holds the number. Her name stands there as long as she agrees to it."""
    row = await tx.fetchrow(
        """
        SELECT i.number, c.craft, c.title, i.minutes, i.issued_on, CASE WHEN n.granted THEN m.name END AS name
        FROM certificate i
        JOIN cohort c USING (cohort_id)
        JOIN maker m USING (maker_id)
        LEFT JOIN standing_consent n ON n.maker_id = i.maker_id AND n.purpose = $2
        WHERE i.number = $1
        """,
        query.data.number,
        Purpose.PUBLIC_NAME,
    )
    if row is None:
        raise NotFound("certificate_not_found", "There is no certificate with this number")
    return Verification(**row, state="valid", replaced_by=None)
