"""The end of a cohort: who completed it, and their certificates."""

from collections.abc import Sequence

from services.training.domain import completion
from services.training.domain.calendar import jakarta_day
from services.training.domain.completion import Attended
from services.training.domain.courses import CohortFacts
from services.training.handlers.accompaniment import accompany
from services.training.handlers.courses import find_cohort
from services.training.storage import completion as storage
from shared.contracts.message import Event
from shared.contracts.training import Certificate, CertificateIssued, CohortCompletion, CompleteCohort
from shared.db import Tx
from shared.runtime.envelope import Received


async def complete_cohort(command: Received[CompleteCohort], tx: Tx) -> tuple[CohortCompletion, list[Event]]:
    """Certificates for those who attended enough of the minutes taught. Those who only waited stay as they are."""
    cohort = await find_cohort(tx, command.data.cohort_id)
    held = await storage.get_held(tx, cohort.cohort_id)
    completion.check_completable(cohort, held)
    makers = await storage.list_attended(tx, cohort.cohort_id)
    completed, not_completed = completion.divide(makers, held.minutes, cohort.required_share)
    certificates = await _issue(command, tx, cohort, completed)
    await storage.mark_enrolments(tx, cohort.cohort_id, [maker.maker_id for maker in completed])
    await storage.mark_completed(tx, cohort.cohort_id, command.now, command.actor)
    await accompany(command, tx, cohort.cohort_id, [maker.maker_id for maker in completed])
    reply = CohortCompletion(cohort_id=cohort.cohort_id, certificates=certificates, not_completed=not_completed)
    return reply, [CertificateIssued(**certificate.model_dump()) for certificate in certificates]


async def _issue(
    command: Received[CompleteCohort], tx: Tx, cohort: CohortFacts, makers: Sequence[Attended]
) -> list[Certificate]:
    if not makers:
        return []
    day = jakarta_day(command.now)
    sequences = await storage.claim_sequences(tx, day.year, cohort.craft, len(makers))
    certificates = [
        Certificate(
            number=completion.certificate_number(day.year, cohort.craft, sequence),
            maker_id=maker.maker_id,
            cohort_id=cohort.cohort_id,
            craft=cohort.craft,
            title=cohort.title,
            minutes=maker.minutes,
            issued_on=day,
        )
        for maker, sequence in zip(makers, sequences, strict=True)
    ]
    await storage.add_certificates(tx, certificates)
    return certificates
