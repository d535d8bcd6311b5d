"""Who completes a cohort, by the minutes she was there, and what her certificate is numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.training.domain.courses import CohortFacts
from shared.contracts.training import Craft
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
class Held:
    """The sessions of a cohort: how many are not completed, and how many minutes were really taught."""

    open_sessions: int
    minutes: int


def check_completable(cohort: CohortFacts, held: Held) -> None:
    """Raises Rejected when it has been done, NotYet while sessions are open."""
    if cohort.completed_at:
        raise Rejected("already_completed", f"Cohort {cohort.cohort_id} is completed")
    if held.open_sessions:
        raise NotYet("sessions_open", f"{held.open_sessions} of the cohort's sessions are not completed")


def attended_enough(minutes: int, taught: int, required_share: int) -> bool:
    """True from `required_share` per cent of the minutes actually taught on; no rounding."""
    return minutes * 100 >= required_share * taught


def divide(makers: Sequence[Attended], taught: int, required_share: int) -> tuple[list[Attended], list[UUID]]:
    """Those who completed and those who did not, both in the given order."""
    done = [maker for maker in makers if attended_enough(maker.minutes, taught, required_share)]
    completed = {maker.maker_id for maker in done}
    return done, [maker.maker_id for maker in makers if maker.maker_id not in completed]


def certificate_number(year: int, craft: Craft, sequence: int) -> str:
    """`KR-2026-BTK-00042`: the 42nd batik certificate of 2026."""
    return f"KR-{year}-{ABBREVIATIONS[craft]}-{sequence:05d}"
