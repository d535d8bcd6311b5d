"""The waiting line: who is next, how many seats are free, and what becomes of an offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training.domain.courses import EnrolmentState, Taken
from shared.errors import NotFound, Rejected

OPEN = (EnrolmentState.ENROLLED, EnrolmentState.OFFERED, EnrolmentState.WAITLISTED)
"""Those who are in a cohort, or may come to be, and can leave."""

HOPING = (EnrolmentState.OFFERED, EnrolmentState.WAITLISTED)
"""Those who have no seat yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A maker in line. `line_no` grows with each who comes; `trained_before` is as it was when she came."""

    maker_id: UUID
    trained_before: bool
    line_no: int


@dataclass(frozen=True, slots=True)
class Deed:
    """When something was done, by whom, and what she gave as her reason."""

    at: datetime
    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a maker stands in a cohort."""

    maker_id: UUID
    state: EnrolmentState
    offer_expires_at: datetime | None


def in_line(waiting: Iterable[Waiting]) -> list[UUID]:
    """Those who have never completed a cohort come first; among equals, who came first."""
    return [maker.maker_id for maker in sorted(waiting, key=lambda maker: (maker.trained_before, maker.line_no))]


def free_seats(capacity: int, taken: Taken) -> int:
    """Seats that are neither taken nor held for somebody."""
    return max(0, capacity - taken.seats)


def check_capacity(capacity: int, taken: Taken) -> None:
    """Raises Rejected when makers would lose their seats."""
    if capacity < taken.seats:
        raise Rejected("seats_taken", f"{taken.seats} seats are taken or offered")


def leaving(standing: Standing | None) -> EnrolmentState:
    """What she gives up. Raises NotFound for a stranger, Rejected when there is nothing left to give up."""
    known = _known(standing)
    if known.state not in OPEN:
        raise Rejected("enrolment_over", f"Maker {known.maker_id} is {known.state}")
    return known.state


def check_offer(standing: Standing | None, now: datetime) -> None:
    """Raises NotFound for a stranger, Rejected when no seat is held for her, or no longer."""
    known = _known(standing)
    if known.offer_expires_at is None:
        raise Rejected("no_offer", f"No seat is offered to maker {known.maker_id}, who is {known.state}")
    if now >= known.offer_expires_at:
        raise Rejected("offer_expired", f"The seat was held until {known.offer_expires_at.isoformat()}")


def _known(standing: Standing | None) -> Standing:
    if standing is None:
        raise NotFound("enrolment_not_found", "This maker is not in this cohort, nor in the line for it")
    return standing
