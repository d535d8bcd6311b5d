"""Seats of a cohort: given up, offered to the next in line, taken or not."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Command, Day, Moment, Part, Why
from shared.contracts.training.replies import Enrolment, Remark


class SeatOffer(Part):
    maker_id: UUID
    expires_at: Moment


class Seats(Part):
    """A cohort's seats after a change: `enrolled` and `offered` are taken. `offers`: those made just now.

    `warnings`: of a place that has less room than there are seats now.
    """

    cohort_id: UUID
    capacity: int
    enrolled: int
    offered: int
    waiting: int
    offers: list[SeatOffer]
    warnings: list[Remark] = Field(default_factory=list)


class CancelEnrolment(Command[Seats], wire="training.CancelEnrolment.v1"):
    """A maker leaves a cohort, or the line for it. A seat that she leaves is offered to the next in line."""

    cohort_id: UUID
    maker_id: UUID
    reason: Why


class SetCapacity(Command[Seats], wire="training.SetCapacity.v1"):
    """More seats are offered to those who wait. There are never fewer seats than are taken."""

    cohort_id: UUID
    capacity: Annotated[int, Field(strict=True, ge=1, le=200)]


class AcceptOffer(Command[Enrolment], wire="training.AcceptOffer.v1"):
    """The maker takes the seat that she was offered. `since`: as when she enrols."""

    cohort_id: UUID
    maker_id: UUID
    since: Day | None = None


class RefuseOffer(Command[Seats], wire="training.RefuseOffer.v1"):
    """She does not take it; it is offered to the next in line."""

    cohort_id: UUID
    maker_id: UUID
