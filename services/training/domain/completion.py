"""Who completes a cohort, by the minutes she was there and the piece she made, and what certificates are numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.training.domain.courses import CohortFacts, EnrolmentState
from shared.contracts.training import Craft, Lack, Practical
from shared.errors import NotYet, Rejected

ABBREVIATIONS = {
    Craft.BATIK: "BTK",
    Craft.EMBROIDERY: "EMB",
    Craft.KNITTING: "KNT",
    Craft.SEWING: "SEW",
    Craft.WEAVING: "WVG",
    Craft.NEWSPAPER_MINIATURES: "NPM",
    Craft.BUSINESS: "BIZ",
}
"""Printed on certificates: never change one, never give one away again."""


@dataclass(frozen=True, slots=True)
class Attended:
    """The minutes that an enrolled maker was there, all sessions together."""

    maker_id: UUID
    minutes: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes. `required_share`: per cent of the minutes taught in the sessions that are hers."""

    required_share: int
    practical_required: bool


@dataclass(frozen=True, slots=True)
class Learner:
    """Where a maker stands. `taught`: the minutes of the sessions that are hers; `piece`: accepted, not, or none."""

    maker_id: UUID
    state: EnrolmentState
    minutes: int
    taught: int
    piece: bool | None


@dataclass(frozen=True, slots=True)
class Turned:
    """Whose completion changed after the end: who completes now, and who no longer does."""

    gained: list[Learner]
    lost: list[Learner]


def check_completable(cohort: CohortFacts, open_sessions: int) -> None:
    """Raises Rejected when it has been done, NotYet while sessions are open."""
    if cohort.completed_at:
        raise Rejected("already_completed", f"Cohort {cohort.cohort_id} is completed")
    if open_sessions:
        raise NotYet("sessions_open", f"{open_sessions} of the cohort's sessions are not completed")


def attended_enough(minutes: int, taught: int, required_share: int) -> bool:
    """True from `required_share` per cent of the minutes actually taught on; no rounding."""
    return minutes * 100 >= required_share * taught


def required_minutes(taught: int, required_share: int) -> int:
    """The fewest whole minutes that are enough of those taught."""
    return -(-taught * required_share // 100)


def practical(learner: Learner, rule: Rule) -> Practical:
    """What is known of her piece."""
    if learner.piece is not None:
        return Practical.ACCEPTED if learner.piece else Practical.NOT_ACCEPTED
    return Practical.MISSING if rule.practical_required else Practical.NOT_REQUIRED


def lacks(learner: Learner, rule: Rule) -> list[Lack]:
    """What is in her way; nothing when she completes. Being there for none of it is never enough."""
    found = []
    if not learner.taught:
        found.append(Lack.SESSIONS)
    elif not learner.minutes or not attended_enough(learner.minutes, learner.taught, rule.required_share):
        found.append(Lack.MINUTES)
    if rule.practical_required and not learner.piece:
        found.append(Lack.PRACTICAL if learner.piece is None else Lack.PRACTICAL_NOT_ACCEPTED)
    return found


def divide(learners: Sequence[Learner], rule: Rule) -> tuple[list[Learner], list[Learner]]:
    """Those who completed and those who did not, both in the given order."""
    done = [learner for learner in learners if not lacks(learner, rule)]
    return done, [learner for learner in learners if lacks(learner, rule)]


def turned(learners: Sequence[Learner], rule: Rule) -> Turned:
    """What is no longer as it was decided when the cohort was completed."""
    gained = [one for one in learners if one.state is EnrolmentState.NOT_COMPLETED and not lacks(one, rule)]
    return Turned(gained, [one for one in learners if one.state is EnrolmentState.COMPLETED and lacks(one, rule)])


def check_meant(turn: Turned, reconsider: bool) -> None:
    """Raises Rejected, naming the makers, when somebody's completion changes and nobody said that this is meant."""
    makers = [str(learner.maker_id) for learner in [*turn.gained, *turn.lost]]
    if makers and not reconsider:
        detail = f"It changes who completed the cohort, which only 'reconsider' allows: {', '.join(makers)}"
        raise Rejected("completion_would_change", detail)


def certificate_number(year: int, craft: Craft, sequence: int) -> str:
    """`KR-2026-BTK-00042`: the 42nd batik certificate of 2026."""
    return f"KR-{year}-{ABBREVIATIONS[craft]}-{sequence:05d}"
