"""What every service can be asked by an operator: its parked messages, and what to do with them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Command, Moment, Page, Part, Query

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class Parked(Part):
    """A message that waits. `state`: waiting (tried again at `next_try_at`), person, redriven, discarded."""

    parked_id: UUID
    type: str
    subject: str
    kind: str
    code: str
    detail: str
    state: str
    attempts: int
    next_try_at: Moment | None
    parked_at: Moment
    resolved_at: Moment | None = None
    resolved_by: str | None = None
    resolution: str | None = None
    candidates: list[Any] = Field(default_factory=list)
    event: dict[str, Any] | None = None


class ParkedPage(Part):
    items: list[Parked]
    next: str | None


class ListParked(Page[ParkedPage], wire="operations.ListParked.v1"):
    """The newest first. `event` is left out; ask for one message to see it."""

    state: Annotated[str, Field(pattern="^(open|waiting|person|redriven|discarded|all)$")] = "open"
    code: Annotated[str, Field(max_length=64)] | None = None


class GetParked(Query[Parked], wire="operations.GetParked.v1"):
    parked_id: UUID


class RedriveParked(Command[Parked], wire="operations.RedriveParked.v1"):
    """Try again now. The reply shows what came of it."""

    parked_id: UUID


class DiscardParked(Command[Parked], wire="operations.DiscardParked.v1"):
    """Never try again. The message and the reason are kept."""

    parked_id: UUID
    reason: Reason
