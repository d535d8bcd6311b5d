"""What training tells."""

from uuid import UUID

from shared.contracts.message import Code, Day, Event, Name
from shared.contracts.training.terms import Craft


class MakerRegistered(Event, wire="training.MakerRegistered.v1", about=("maker_id",)):
    maker_id: UUID
    rusun: Code
    cooperative: Code
    since: Day


class MakerMoved(Event, wire="training.MakerMoved.v1", about=("maker_id",)):
    """From `since` on the maker lives in `rusun`; what happened before stays with the old one."""

    maker_id: UUID
    rusun: Code
    cooperative: Code
    since: Day


class CohortOpened(Event, wire="training.CohortOpened.v1", about=("cohort_id",)):
    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    capacity: int
    sessions: int


class MakerEnrolled(Event, wire="training.MakerEnrolled.v1", about=("cohort_id", "maker_id")):
    cohort_id: UUID
    maker_id: UUID
    craft: Craft


class MakerWaitlisted(Event, wire="training.MakerWaitlisted.v1", about=("cohort_id", "maker_id")):
    cohort_id: UUID
    maker_id: UUID
    position: int


class SessionCompleted(Event, wire="training.SessionCompleted.v1", about=("session_id",)):
    """A session as it was planned and as it was: 180 planned minutes often become 300 to 360."""

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    number: int
    planned_minutes: int
    actual_minutes: int
    attended: int
    attended_minutes: int


class CertificateIssued(Event, wire="training.CertificateIssued.v1", about=("number",)):
    number: str
    maker_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    minutes: int
    issued_on: Day


EVENTS: tuple[type[Event], ...] = (
    MakerRegistered,
    MakerMoved,
    CohortOpened,
    MakerEnrolled,
    MakerWaitlisted,
    SessionCompleted,
    CertificateIssued,
)
