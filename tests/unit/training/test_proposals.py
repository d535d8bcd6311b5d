"""Who may be asked, and when an answer counts, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.domain import accompaniment, proposals
from services.training.domain.proposals import RemedialCohort
from shared.contracts.training import Craft
from shared.contracts.training.accompaniment import PlannedStep
from shared.contracts.training.proposals import PassedOver, Proposal, Propose
from shared.errors import Invalid, Rejected

TODAY = date(2026, 11, 21)
ANI, COHORT = UUID(int=1), UUID(int=9)
OTHERS = [UUID(int=n) for n in range(10, 18)]


def wanted(**other: Any) -> Propose:
    given = {"maker_id": ANI, "kind": "order", "about": "B2B-2026-014", "due_on": TODAY}
    return Propose.model_validate(given | other)


def a_proposal(**other: Any) -> Proposal:
    given = {"proposal_id": COHORT, "maker_id": ANI, "kind": "order", "about": "B2B-2026-014", "craft": None}
    made = {"due_on": TODAY, "state": "open", "made_by": "rini", "made_at": datetime(2026, 11, 20, tzinfo=UTC)}
    empty = dict.fromkeys(["passed_over", "answered_by", "answered_at", "note"])
    return Proposal.model_validate(given | made | empty | other)


def test_a_remedial_session_is_named_by_its_cohort_however_that_is_written() -> None:
    written = str(COHORT).upper().replace("-", "")

    read, cohort = proposals.read(wanted(kind="remedial-session", about=written), TODAY)

    assert (read.reference, cohort) == (str(COHORT), COHORT)
    assert proposals.read(wanted(), TODAY) == (wanted(), None)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("due_on", {"due_on": TODAY - timedelta(days=1)}),
        ("about", {"kind": "remedial-session"}),
        ("craft", {"kind": "remedial-session", "about": str(COHORT), "craft": "batik"}),
    ],
)
def test_what_cannot_be_proposed_names_the_field(field: str, other: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        proposals.read(wanted(**other), TODAY)

    assert [fault["field"] for fault in refused.value.errors] == [field]


def test_nobody_is_asked_to_join_what_is_over() -> None:
    proposals.check_cohort(RemedialCohort(COHORT, Craft.BATIK, "Batik tulis", completed=False))

    with pytest.raises(Rejected):
        proposals.check_cohort(RemedialCohort(COHORT, Craft.BATIK, "Batik tulis", completed=True))


def test_passing_others_over_needs_a_reason() -> None:
    assert proposals.pass_over([], "she asked for it") is None
    assert proposals.pass_over(OTHERS, "ill") == PassedOver(why="ill", maker_ids=OTHERS)

    with pytest.raises(Rejected) as refused:
        proposals.pass_over(OTHERS, None)

    assert refused.value.code == "others_first"
    assert str(OTHERS[4]) in refused.value.detail
    assert "and 3 more" in refused.value.detail


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("proposal_closed", {"state": "expired"}),
        ("proposal_closed", {"state": "declined"}),
        ("proposal_expired", {"due_on": TODAY - timedelta(days=1)}),
    ],
)
def test_an_answer_is_taken_once_and_in_time(code: str, other: dict[str, Any]) -> None:
    proposals.check_answerable(a_proposal(), TODAY)

    with pytest.raises(Rejected) as refused:
        proposals.check_answerable(a_proposal(**other), TODAY)

    assert refused.value.code == code


def test_nothing_is_due_before_it_was_agreed() -> None:
    late, early = (PlannedStep(what="Photos", due_on=TODAY + timedelta(days=n)) for n in (0, -1))
    accompaniment.check_due(TODAY, [late])

    with pytest.raises(Invalid) as refused:
        accompaniment.check_due(TODAY, [late, early])

    assert [fault["field"] for fault in refused.value.errors] == ["next_steps.1.due_on"]


def test_an_agenda_is_for_a_week_from_today_unless_something_else_is_said() -> None:
    day = timedelta(days=1)

    assert accompaniment.agenda_days(None, None, TODAY) == (TODAY, TODAY + 7 * day)
    assert accompaniment.agenda_days(TODAY - day, None, TODAY) == (TODAY - day, TODAY + 6 * day)
    assert accompaniment.agenda_days(None, TODAY, TODAY) == (TODAY, TODAY)
    with pytest.raises(Invalid):
        accompaniment.agenda_days(None, TODAY - day, TODAY)


def test_sixty_days_are_over_on_the_sixtieth() -> None:
    assert accompaniment.poor_since(date(2026, 3, 2)) == date(2026, 1, 1)
