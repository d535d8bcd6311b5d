"""Certificates: how they are issued, issued again and revoked."""

from collections.abc import Sequence
from datetime import datetime

from services.training.domain import certificates as domain
from services.training.domain.calendar import jakarta_day
from services.training.domain.certificates import Ending
from services.training.domain.completion import Attended, certificate_number
from services.training.domain.courses import CohortFacts
from services.training.handlers.courses import find_cohort
from services.training.storage import certificates as storage
from shared.contracts.message import Event
from shared.contracts.training import (
    Certificate,
    CertificateIssued,
    CertificateRevoked,
    CertificateState,
    ReissueCertificate,
    RevokeCertificate,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def reissue_certificate(command: Received[ReissueCertificate], tx: Tx) -> tuple[Certificate, list[Event]]:
    """With the minutes that are hers now; the one before it is superseded and says by which."""
    old, cohort = await _lock_valid(tx, command.data.number)
    minutes = await storage.get_minutes(tx, old.cohort_id, old.maker_id)
    ending = Ending(command.now, command.actor, command.data.reason)
    await storage.mark_ended(tx, [old.number], CertificateState.SUPERSEDED, ending)
    [new] = await issue(tx, cohort, [Attended(old.maker_id, minutes)], command.now, replaces=old.number)
    return new, [issued(new)]


async def revoke_certificate(command: Received[RevokeCertificate], tx: Tx) -> tuple[Certificate, list[Event]]:
    """She stays somebody who completed the cohort: that she was there is not undone."""
    old, _ = await _lock_valid(tx, command.data.number)
    ending = Ending(command.now, command.actor, command.data.reason)
    [event] = await revoke(tx, [old], ending)
    return old.model_copy(update={"state": CertificateState.REVOKED}), [event]


async def issue(
    tx: Tx, cohort: CohortFacts, makers: Sequence[Attended], at: datetime, replaces: str | None = None
) -> list[Certificate]:
    """One for each of these makers, of a cohort that is locked. `replaces`: for the only one of them."""
    if not makers:
        return []
    day = jakarta_day(at)
    sequences = await storage.claim_sequences(tx, day.year, cohort.craft, len(makers))
    certificates = [
        Certificate(
            number=certificate_number(day.year, cohort.craft, sequence),
            maker_id=maker.maker_id,
            cohort_id=cohort.cohort_id,
            craft=cohort.craft,
            title=cohort.title,
            minutes=maker.minutes,
            issued_on=day,
            replaces=replaces,
        )
        for maker, sequence in zip(makers, sequences, strict=True)
    ]
    await storage.add_certificates(tx, certificates)
    return certificates


async def revoke(tx: Tx, certificates: Sequence[Certificate], ending: Ending) -> list[Event]:
    """Ends these valid certificates, of cohorts that are locked."""
    await storage.mark_ended(tx, [one.number for one in certificates], CertificateState.REVOKED, ending)
    day = jakarta_day(ending.at)
    return [CertificateRevoked(**one.model_dump(exclude={"issued_on"}), revoked_on=day) for one in certificates]


def issued(certificate: Certificate) -> CertificateIssued:
    """What is told of a new one."""
    return CertificateIssued(**certificate.model_dump())


async def _lock_valid(tx: Tx, number: str) -> tuple[Certificate, CohortFacts]:
    """Its cohort is locked: whoever comes second sees what the first has done. Raises NotFound, Rejected."""
    found = await storage.get_certificate(tx, number)
    if found is None:
        raise NotFound("certificate_not_found", "There is no certificate with this number")
    cohort = await find_cohort(tx, found.cohort_id)
    now = await storage.get_certificate(tx, number) or found
    domain.check_valid(now)
    return now, cohort
