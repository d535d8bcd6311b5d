"""Certificates, by their number: as data, as what strangers may know, and as paper."""

import asyncio

from services.training import paper
from services.training.domain import certificates as domain
from services.training.storage import certificates as storage
from shared.contracts.message import Document
from shared.contracts.training import (
    Certificate,
    GetCertificate,
    GetCertificateFile,
    Purpose,
    Verification,
    VerifyCertificate,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_certificate(query: Received[GetCertificate], tx: Tx) -> Certificate:
    return await _find(tx, query.data.number)


async def verify_certificate(query: Received[VerifyCertificate], tx: Tx) -> Verification:
    """Her whole name only while she lets it be public: asked for each time, never kept elsewhere."""
    certificate = await _find(tx, query.data.number)
    row = await tx.fetchrow(
        """
        SELECT m.name, coalesce(c.granted, false) AS public
        FROM maker m
        LEFT JOIN standing_consent c ON c.maker_id = m.maker_id AND c.purpose = $2
        WHERE m.maker_id = $1
        """,
        certificate.maker_id,
        Purpose.PUBLIC_NAME,
    )
    name = row["name"] if row and row["public"] else domain.initials(row["name"] if row else "")
    return Verification(**certificate.model_dump(exclude={"maker_id", "cohort_id", "replaces"}), name=name or None)


async def get_certificate_file(query: Received[GetCertificateFile], tx: Tx, public_url: str) -> Document:
    """Drawn in a thread: a page takes long enough for other requests to notice."""
    certificate = await _find(tx, query.data.number)
    domain.check_valid(certificate)
    name: str = await tx.fetchval("SELECT name FROM maker WHERE maker_id = $1", certificate.maker_id)
    domain.check_named(name)
    url = domain.verify_url(public_url, certificate.number)
    content = await asyncio.to_thread(paper.draw, certificate, name, url)
    return Document(media_type="application/pdf", filename=f"certificate-{certificate.number}.pdf", content=content)


async def _find(tx: Tx, number: str) -> Certificate:
    certificate = await storage.get_certificate(tx, number)
    if certificate is None:
        raise NotFound("certificate_not_found", "There is no certificate with this number")
    return certificate
