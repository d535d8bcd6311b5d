"""How a session may be planned anew before it is held."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.training.domain.faults import invalid
from shared.contracts.training import Remark
from shared.contracts.training.planning import ReplanSession
from shared.errors import Rejected


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as it is planned."""

    session_id: UUID
    cohort_id: UUID
    number: int
    planned_start: datetime
    planned_minutes: int
    place: str | None
    trainers: tuple[UUID, ...]


def too_small(code: str, room: int, seats: int) -> Remark:
    """A cohort that may find no room where it is taught."""
    return Remark(code="place_too_small", detail=f"Place {code} has room for {room}, the cohort has {seats} seats")


def is_moved(plan: Plan, new: Plan) -> bool:
    """Whether it is at another time or place, or lasts longer or shorter."""
    return (plan.planned_start, plan.planned_minutes, plan.place) != (new.planned_start, new.planned_minutes, new.place)


def replanned(plan: Plan, asked: ReplanSession) -> Plan:
    """With what is asked; the rest as it was. Raises Invalid when nothing is, or both a new plan and no session."""
    said = [
        name for name in ("planned_start", "planned_minutes", "place", "trainers") if getattr(asked, name) is not None
    ]
    if asked.cancel and said:
        raise invalid((said[0], "a session that is cancelled has no new plan"))
    if not asked.cancel and not said:
        raise invalid(("planned_start", "say what is planned anew, or cancel"))
    return replace(
        plan,
        planned_start=asked.planned_start or plan.planned_start,
        planned_minutes=asked.planned_minutes or plan.planned_minutes,
        place=asked.place or plan.place,
        trainers=plan.trainers if asked.trainers is None else tuple(dict.fromkeys(asked.trainers)),
    )


def check_plannable(session_id: UUID, was_held: bool) -> None:
    """Raises Rejected for a session that was held: what it was stands."""
    if was_held:
        raise Rejected("already_completed", f"Session {session_id} is completed")


def check_cancellable(session_id: UUID, recorded: int, others: int) -> None:
    """Raises Rejected when somebody is on its sheet, or when the cohort would be left without any session."""
    if recorded:
        raise Rejected("attendance_recorded", f"Session {session_id} has a sheet that names {recorded} makers")
    if not others:
        raise Rejected("last_session", "A cohort keeps at least one session")
