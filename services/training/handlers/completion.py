"""The end of a cohort: who completed it, and their certificates."""

from services.training.domain import completion
from services.training.handlers.certificates import issue, issued
from services.training.handlers.courses import find_cohort
from services.training.storage import completion as storage
from shared.contracts.message import Event
from shared.contracts.training import CohortCompletion, CompleteCohort
from shared.db import Tx
from shared.runtime.envelope import Received


async def complete_cohort(command: Received[CompleteCohort], tx: Tx) -> tuple[CohortCompletion, list[Event]]:
    """Certificates for those who attended enough of the minutes taught. Those who only waited stay as they are."""
    cohort = await find_cohort(tx, command.data.cohort_id)
    held = await storage.get_held(tx, cohort.cohort_id)
    completion.check_completable(cohort, held)
    makers = await storage.list_attended(tx, cohort.cohort_id)
    completed, not_completed = completion.divide(makers, held.minutes, cohort.required_share)
    certificates = await issue(tx, cohort, completed, command.now)
    await storage.mark_enrolments(tx, cohort.cohort_id, [maker.maker_id for maker in completed])
    await storage.mark_completed(tx, cohort.cohort_id, command.now, command.actor)
    reply = CohortCompletion(cohort_id=cohort.cohort_id, certificates=certificates, not_completed=not_completed)
    return reply, [issued(certificate) for certificate in certificates]
