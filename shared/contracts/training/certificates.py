"""Certificates: as a file, checked by anybody who holds one, replaced, revoked."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from shared.contracts.message import Command, Day, Document, Event, Name, Part, Query, Why
from shared.contracts.training.replies import Certificate
from shared.contracts.training.terms import CertificateState, Craft

Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
"""As it is printed: `KR-2026-BTK-00042`."""


class Verification(Part):
    """What anybody may know of a certificate. `name`: hers if she lets it be public, else her initials."""

    number: str
    state: CertificateState
    replaced_by: str | None
    craft: Craft
    title: Name
    minutes: int
    issued_on: Day
    name: str | None


class VerifyCertificate(Query[Verification], wire="training.VerifyCertificate.v1"):
    """For the public page behind the code on the paper. Raises NotFound for a number that was never given."""

    number: Number


class GetCertificateFile(Query[Document], wire="training.GetCertificateFile.v1"):
    """The paper, as a PDF in Indonesian, with her name. Only of one that is valid."""

    number: Number


class ReissueCertificate(Command[Certificate], wire="training.ReissueCertificate.v1"):
    """A new number in the place of this one: for a name that was wrong, for minutes that were set right."""

    number: Number
    reason: Why


class RevokeCertificate(Command[Certificate], wire="training.RevokeCertificate.v1"):
    """It is worth nothing any more. The reason stays in training; she is told that it happened."""

    number: Number
    reason: Why


class CertificateRevoked(Event, wire="training.CertificateRevoked.v1", about=("number",)):
    """Without the reason: what a person writes there may be about a person."""

    number: str
    maker_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    revoked_on: Day


EVENTS: tuple[type[Event], ...] = (CertificateRevoked,)
