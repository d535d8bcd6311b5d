"""Who completes a cohort: what counts, what is missing, and the piece that shows what somebody has learned."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Command, Event, Name, Part, Query, Text
from shared.contracts.training.replies import Certificate
from shared.contracts.training.terms import Craft, Lack


class Practical(StrEnum):
    """What is known of her practical piece."""

    NOT_REQUIRED = "not-required"
    MISSING = "missing"
    NOT_ACCEPTED = "not-accepted"
    ACCEPTED = "accepted"


class Standing(Part):
    """Whether a maker would complete if the cohort ended now, by the sessions that are completed.

    `taught_minutes`: those of the `sessions` that are hers; `required_minutes`: the share of them that she needs;
    `excused`: how many of these sessions she missed with an excuse. `lacks`: what is in her way, by code.
    """

    maker_id: UUID
    name: str
    state: str
    would_complete: bool
    lacks: list[Lack]
    minutes: int
    required_minutes: int
    missing_minutes: int
    taught_minutes: int
    sessions: int
    excused: int
    practical: Practical
    piece: str | None


class Completion(Part):
    """Of everybody who has or had a seat, by name. `open_sessions`: those that are still to be completed."""

    cohort_id: UUID
    required_share: int
    practical_required: bool
    completed: bool
    sessions: int
    open_sessions: int
    taught_minutes: int
    would_complete: int
    makers: list[Standing]


class GetCompletion(Query[Completion], wire="training.GetCompletion.v1"):
    """Before the end of a cohort: who would complete it as it stands, and what each of the others lacks."""

    cohort_id: UUID


class PracticalRecorded(Part):
    """`certificate`: hers, when this piece was all that she lacked after the end of her cohort."""

    cohort_id: UUID
    maker_id: UUID
    accepted: bool
    piece: Name
    certificate: Certificate | None


class RecordPractical(Command[PracticalRecorded], wire="training.RecordPractical.v1"):
    """A piece that a maker made to show what she has learned. Her latest one counts.

    Also after the end of the cohort: who lacked only this then completes it.
    """

    cohort_id: UUID
    maker_id: UUID
    accepted: Annotated[bool, Field(strict=True)]
    piece: Name
    note: Text | None = None


class MakerNotCompleted(Event, wire="training.MakerNotCompleted.v1", about=("cohort_id", "maker_id")):
    """A cohort has ended and this maker has not completed it: what she lacks says how to help her on."""

    cohort_id: UUID
    maker_id: UUID
    craft: Craft
    title: Name
    lacks: list[Lack]
    minutes: int
    required_minutes: int


EVENTS: tuple[type[Event], ...] = (MakerNotCompleted,)
