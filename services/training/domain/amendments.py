"""What is set right of a session after it was completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.training.domain.attendance import Mark, SessionFacts, Settled, Span
from shared.contracts.training import AmendSession
from shared.errors import Rejected


@dataclass(frozen=True, slots=True)
class Change:
    """A maker's mark before, if she had one, and since."""

    earlier: Settled | None
    now: Settled


def held(session: SessionFacts) -> Span:
    """What it was. Raises Rejected while it has not been completed: then its sheet is simply corrected."""
    if session.actual_start is None or session.actual_minutes is None:
        raise Rejected("session_open", f"Session {session.session_id} is not completed: correct its sheet")
    return Span(session.actual_start, session.actual_minutes)


def span_since(before: Span, asked: AmendSession) -> Span:
    """What it was, as is known now."""
    return Span(asked.actual_start or before.start, asked.actual_minutes or before.minutes)


def marks_since(marks: Sequence[Mark], corrections: Sequence[Mark]) -> list[Mark]:
    """A sheet with some of its marks replaced, and new ones after them."""
    return list({mark.maker_id: mark for mark in [*marks, *corrections]}.values())


def changes(before: Mapping[UUID, Settled], since: Sequence[Settled]) -> list[Change]:
    """Only what differs."""
    pairs = [Change(before.get(one.maker_id), one) for one in since]
    return [change for change in pairs if change.earlier != change.now]


def check_changes(changed: Sequence[Change], before: Span, since: Span) -> None:
    """Raises Rejected when everything is recorded like this already."""
    if not changed and before == since:
        raise Rejected("nothing_changed", "The session is recorded like this already")
