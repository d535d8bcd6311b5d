"""The end of a cohort: who completed it, their certificates, and pieces that were all that somebody lacked."""

from collections.abc import Sequence
from datetime import datetime

from services.training.domain import completion, courses
from services.training.domain.calendar import jakarta_day
from services.training.domain.completion import Attended, Learner, Rule
from services.training.domain.courses import CohortFacts, EnrolmentState
from services.training.handlers.accompaniment import accompany
from services.training.handlers.certificates import issue, issued
from services.training.handlers.courses import find_cohort
from services.training.handlers.people import refuse_anonymised
from services.training.storage import completion as storage
from shared.contracts.message import Event
from shared.contracts.training import (
    Certificate,
    CertificateIssued,
    CohortCompletion,
    CompleteCohort,
    MakerNotCompleted,
    NotCompleted,
    PracticalRecorded,
    RecordPractical,
)
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received


async def complete_cohort(command: Received[CompleteCohort], tx: Tx) -> tuple[CohortCompletion, list[Event]]:
    """Certificates for those who completed, and what the others lack. Those who only waited stay as they are."""
    cohort = await find_cohort(tx, command.data.cohort_id)
    completion.check_completable(cohort, await storage.count_open(tx, cohort.cohort_id))
    ended_at = courses.moment_on("ended_on", command.data.ended_on, command.now)
    if command.data.ended_on:
        courses.check_end(command.data.ended_on, await storage.get_last_start(tx, cohort.cohort_id))
    rule = rule_of(cohort)
    done, not_done = completion.divide(await storage.list_learners(tx, cohort.cohort_id), rule)
    certificates = await certify(tx, cohort, done, ended_at)
    await mark(tx, cohort, not_done, EnrolmentState.NOT_COMPLETED)
    await storage.mark_completed(tx, cohort.cohort_id, ended_at, command.actor)
    reasons = [why(learner, rule) for learner in not_done]
    reply = CohortCompletion(
        cohort_id=cohort.cohort_id,
        certificates=certificates,
        not_completed=[learner.maker_id for learner in not_done],
        reasons=reasons,
    )
    return reply, [*map(issued, certificates), *[missed(cohort, reason) for reason in reasons]]


async def record_practical(command: Received[RecordPractical], tx: Tx) -> tuple[PracticalRecorded, list[Event]]:
    """A piece that comes after the end still counts: she is certified when it was all that she lacked."""
    await refuse_anonymised(tx, [command.data.maker_id])
    cohort = await find_cohort(tx, command.data.cohort_id)
    before = await _find_learner(tx, command)
    if before.state is EnrolmentState.COMPLETED and not command.data.accepted:
        raise Rejected("already_certified", f"Maker {before.maker_id} has completed the cohort with an earlier piece")
    await storage.add_practical(tx, command)
    after = await _find_learner(tx, command)
    turn = completion.turned([after], rule_of(cohort))
    certificates = await certify(tx, cohort, turn.gained, command.now)
    recorded = PracticalRecorded(
        **command.data.model_dump(exclude={"note"}), certificate=certificates[0] if certificates else None
    )
    return recorded, [issued_late(cohort, certificate) for certificate in certificates]


def rule_of(cohort: CohortFacts) -> Rule:
    return Rule(cohort.required_share, cohort.practical_required)


def why(learner: Learner, rule: Rule) -> NotCompleted:
    """What she lacks."""
    required = completion.required_minutes(learner.taught, rule.required_share)
    lacks = completion.lacks(learner, rule)
    return NotCompleted(maker_id=learner.maker_id, lacks=lacks, minutes=learner.minutes, required_minutes=required)


def missed(cohort: CohortFacts, reason: NotCompleted) -> MakerNotCompleted:
    """What is told of somebody who has not completed."""
    return MakerNotCompleted(cohort_id=cohort.cohort_id, craft=cohort.craft, title=cohort.title, **reason.model_dump())


async def certify(tx: Tx, cohort: CohortFacts, learners: Sequence[Learner], at: datetime) -> list[Certificate]:
    """These have completed: a certificate for each, and a companion where one is configured."""
    await mark(tx, cohort, learners, EnrolmentState.COMPLETED)
    await accompany(tx, cohort.cohort_id, [learner.maker_id for learner in learners], at)
    return await issue(tx, cohort, [Attended(one.maker_id, one.minutes) for one in learners], at)


def issued_late(cohort: CohortFacts, certificate: Certificate) -> CertificateIssued:
    """Of a cohort that has ended: she counts as having completed it on its last day."""
    told = issued(certificate)
    ended_on = jakarta_day(cohort.completed_at) if cohort.completed_at else certificate.issued_on
    return told.model_copy(update={"completed_on": ended_on}) if ended_on < certificate.issued_on else told


async def mark(tx: Tx, cohort: CohortFacts, learners: Sequence[Learner], state: EnrolmentState) -> None:
    """How it ended for these."""
    await storage.mark_enrolments(tx, cohort.cohort_id, [learner.maker_id for learner in learners], state)


async def _find_learner(tx: Tx, command: Received[RecordPractical]) -> Learner:
    learners = await storage.list_learners(tx, command.data.cohort_id)
    found = [learner for learner in learners if learner.maker_id == command.data.maker_id]
    if not found:
        raise Rejected("not_enrolled", f"Not enrolled: {command.data.maker_id}")
    return found[0]
