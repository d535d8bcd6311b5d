"""What every service can be asked: by an operator about parked messages, by its consumers about what it has sent."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from shared.contracts.message import Command, Moment, Page, Part, Query, Why

ReasonCode = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Right = Literal["parked", "recorded"]
ParkedIn = Literal["open", "waiting", "person", "redriven", "discarded", "all"]


class ParkedAct(Part):
    """Something that was done about a parked message, and its `outcome`: handled, duplicate, discarded, or the code.

    `act`: parked, redriven, corrected, chosen, discarded, woken (what it waited for has come), expired (its patience).
    A correction has its merge patch and the event as it was before; a choice says which is `right`.
    """

    act: str
    actor: str
    at: Moment
    reason: str
    outcome: str
    right: Right | None = None
    change: dict[str, Any] | None = None
    before: dict[str, Any] | None = None


class Parked(Part):
    """A message that waits. `state`: waiting (tried again at `next_try_at`), person, redriven, discarded.

    `means` and `remedy` say in plain words what `code` stands for and what a person can do.
    """

    parked_id: UUID
    type: str
    subject: str
    kind: str
    code: str
    detail: str
    means: str = ""
    remedy: str = ""
    state: str
    attempts: int
    next_try_at: Moment | None
    parked_at: Moment
    resolved_at: Moment | None = None
    resolved_by: str | None = None
    resolution: str | None = None
    candidates: list[Any] = Field(default_factory=list)
    event: dict[str, Any] | None = None
    history: list[ParkedAct] | None = None


class ParkedPage(Part):
    items: list[Parked]
    next: str | None


class ListParked(Page[ParkedPage], wire="operations.ListParked.v1"):
    """The newest first. `event` and `history` are left out; ask for one message to see them."""

    state: ParkedIn = "open"
    code: Annotated[str, Field(max_length=64)] | None = None


class GetParked(Query[Parked], wire="operations.GetParked.v1"):
    parked_id: UUID


class ParkedReason(Part):
    """A reason for which messages are parked now: `waiting` of them are tried again by themselves."""

    code: str
    count: int
    waiting: int
    person: int
    oldest: Moment
    means: str
    remedy: str


class ParkedReasons(Part):
    items: list[ParkedReason]


class SummariseReasons(Query[ParkedReasons], wire="operations.SummariseReasons.v1"):
    """Why messages are parked now, the most frequent reason first."""


class RedriveParked(Command[Parked], wire="operations.RedriveParked.v1"):
    """Try again now. The reply shows what came of it."""

    parked_id: UUID


class RedrivenAll(Part):
    """What came of trying many: `left` are those of this reason that were not tried this time."""

    tried: int
    passed: int
    still_parked: int
    left: int


class RedriveAll(Command[RedrivenAll], wire="operations.RedriveAll.v1"):
    """Try again now all that are parked for one reason, up to `limit`: those first that were not tried for longest."""

    code: ReasonCode
    limit: Annotated[int, Field(ge=1, le=500)] = 500


class CorrectParked(Command[Parked], wire="operations.CorrectParked.v1"):
    """Change what the message says, and try it at once. The reply shows what came of it; the history keeps both.

    `change` is a JSON merge patch (RFC 7396) of the whole CloudEvent: `{"data": {"sku": "BTK-0007"}}`. What could not
    be read becomes readable that way. `id` and `source` of what can be read stay.
    """

    parked_id: UUID
    change: Annotated[dict[str, JsonValue], Field(min_length=1)]
    reason: Why


class ChooseParked(Command[Parked], wire="operations.ChooseParked.v1"):
    """Say which is right, the parked message or what is recorded against it.

    `parked`: it is tried again and what is recorded gives way, where the service can do that. `recorded`: it is
    discarded.
    """

    parked_id: UUID
    right: Right
    reason: Why


class DiscardParked(Command[Parked], wire="operations.DiscardParked.v1"):
    """Never try again. The message and the reason are kept."""

    parked_id: UUID
    reason: Why


Types = Annotated[list[Annotated[str, Field(max_length=128)]], Field(min_length=1, max_length=200)]
Millisecond = Annotated[int, Field(strict=True, ge=0, lt=4_102_444_800_000)]
"""Since 1970, as in a UUIDv7, and before 2100."""


class Digest(Part):
    """`n` events in a bucket, and the exclusive or of their ids' hashes."""

    bucket: int
    n: int
    hash: int


class Digests(Part):
    """Buckets without events are left out. `held_since`: what was minted from then on may not have left yet."""

    items: list[Digest]
    held_since: Millisecond | None


class GetDigests(Query[Digests], wire="operations.GetDigests.v1"):
    """What has left this service, counted by when its ids were minted: bucket 0 lies between the first two `edges`."""

    types: Types
    edges: Annotated[list[Millisecond], Field(min_length=2, max_length=1500)]


class LoggedIds(Part):
    """Ids in order: those that have left, and those that are still held. The next page begins `after` the last one."""

    sent: list[UUID]
    held: list[UUID]


class ListLogged(Query[LoggedIds], wire="operations.ListLogged.v1"):
    """The ids of this service's events that were minted from `since` until before `until`."""

    types: Types
    since: Millisecond
    until: Millisecond
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=5000)] = 5000


class Resent(Part):
    count: int


class ResendEvents(Command[Resent], wire="operations.ResendEvents.v1"):
    """Send these events once more, except those that have not left yet."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=5000)]


class Comparison(Part):
    """The last comparison of a service with one of its producers.

    `events` had left from `since` until `until`, of which `missing` were found not to have arrived. Of all that was
    ever missing `arrived` have come and `waiting` have not. `unknown`: taken here, but in no producer's log.
    """

    producer: str
    at: Moment
    since: Moment
    until: Moment
    events: int
    missing: int
    arrived: int
    waiting: int
    unknown: int


class Comparisons(Part):
    items: list[Comparison]


class ListComparisons(Query[Comparisons], wire="operations.ListComparisons.v1"):
    """What came of comparing with each producer."""
