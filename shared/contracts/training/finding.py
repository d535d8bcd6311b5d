"""What is on when, and what one maker takes part in: how sessions and cohorts are found."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.message import LATEST, Code, Moment, Name, Page, Part
from shared.contracts.training.terms import Craft


class SessionHead(Part):
    """A session in a list. `enrolled`: makers with a seat in its cohort. `topic`: what the curriculum says of it."""

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    number: int
    topic: str | None
    planned_start: Moment
    planned_minutes: int
    place: Code | None
    trainers: list[UUID]
    enrolled: int
    completed_at: Moment | None


class SessionList(Part):
    items: list[SessionHead]
    next: str | None


class ListSessions(Page[SessionList], wire="training.ListSessions.v1"):
    """All that are planned to begin from the day `from` to the day `to`, both included, in Jakarta, by time.

    Cancelled ones are left out. `open`: only those that have not been completed.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    since: Annotated[date, Field(alias="from", ge=date(2000, 1, 2), lt=LATEST.date())]
    to: Annotated[date, Field(ge=date(2000, 1, 2), lt=date(2099, 12, 31))]
    rusun: Code | None = None
    place: Code | None = None
    trainer_id: UUID | None = None
    open: bool = False


class HerEnrolment(Part):
    """A cohort as it concerns one maker. `state` as in the cohort; `applied_at`: since when she has stood there so."""

    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    state: str
    position: int | None
    offer_expires_at: Moment | None
    applied_at: Moment
    first_start: Moment | None
    last_start: Moment | None
    certificate: str | None


class HerEnrolments(Part):
    items: list[HerEnrolment]
    next: str | None


class ListEnrolments(Page[HerEnrolments], wire="training.ListEnrolments.v1"):
    """Every cohort that a maker is in, waits for or has left, the latest first. `certificate`: its number, if valid."""

    maker_id: UUID
