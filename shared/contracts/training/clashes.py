"""Who or what is planned in two sessions at once: warnings for a person, never refusals."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.message import LATEST, Code, Moment, Page, Part


class Held(Part):
    """A session as far as a clash tells of it."""

    session_id: UUID
    cohort_id: UUID
    number: int
    starts_at: Moment
    ends_at: Moment


class Clash(Part):
    """Two sessions that overlap, and what they share: `trainers`, their `place`, `makers` with a seat in both.

    Two sessions of one cohort always clash.
    `overrun`: by plan they do not overlap; the earlier one took longer than it was planned.
    """

    earlier: Held
    later: Held
    overrun: bool
    trainers: list[UUID]
    place: Code | None
    makers: list[UUID]


class Clashes(Part):
    items: list[Clash]
    next: str | None


class ListClashes(Page[Clashes], wire="training.ListClashes.v1"):
    """Between sessions from the day `from` to the day `to`, both included, in Jakarta; at most a year of them.

    Two sessions that have both been held do not clash any more.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    since: Annotated[date, Field(alias="from", ge=date(2000, 1, 2), lt=LATEST.date())]
    to: Annotated[date, Field(ge=date(2000, 1, 2), lt=date(2099, 12, 31))]
