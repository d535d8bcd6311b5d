"""Orders and remedial sessions are proposed to those first who need them most, on a real database."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.training.views import proposals as proposal_views
from shared.contracts.training import (
    MakerEnrolled,
    MakerWaitlisted,
    ProposalClosed,
    ProposalKind,
    ProposalMade,
)
from shared.contracts.training.proposals import GetProposal, ListProposals, Proposal
from shared.errors import NotFound, Rejected
from tests.integration.training.accompanying import (
    TODAY,
    a_graduate,
    ago,
    answer,
    candidates,
    expire,
    five,
    graduate,
    noon,
    propose,
    ranked,
)
from tests.integration.training.builders import RINI, Database, do, enrol, look_at, open_cohort, register_rusun

REMEDIAL = ProposalKind.REMEDIAL_SESSION


async def test_the_first_in_the_ranking_is_asked_and_told(database: Database) -> None:
    pool = await database("training")
    [first, *_] = await five(pool)

    proposal, events = await propose(pool, first)

    assert (proposal.state, proposal.made_by, proposal.passed_over) == ("open", RINI, None)
    due = TODAY + timedelta(days=7)
    told = {"proposal_id": proposal.proposal_id, "maker_id": first, "kind": "order", "due_on": due, "title": None}
    assert events == [ProposalMade.model_validate(told | {"reference": "B2B-2026-014"})]
    assert await do(pool, proposal_views.get_proposal, GetProposal(proposal_id=proposal.proposal_id)) == proposal
    [seen, *_] = (await candidates(pool, about="B2B-2026-014")).items
    assert seen.proposal == "open"
    with pytest.raises(Rejected) as refused:
        await propose(pool, first)
    assert refused.value.code == "already_proposed"


async def test_asking_somebody_lower_down_needs_a_reason_while_others_were_not_asked(database: Database) -> None:
    pool = await database("training")
    first, second, third, *_ = await five(pool)

    with pytest.raises(Rejected) as refused:
        await propose(pool, third)
    assert refused.value.code == "others_first"
    assert str(first) in refused.value.detail and str(second) in refused.value.detail
    await propose(pool, first)
    proposal, _ = await propose(pool, third, passed_over="the order needs a stamp that only she has")

    assert proposal.passed_over is not None
    assert proposal.passed_over.maker_ids == [second]
    assert proposal.passed_over.why == "the order needs a stamp that only she has"


async def test_the_turn_passes_on_with_every_answer_and_not_with_silence(database: Database) -> None:
    pool = await database("training")
    first, second, third, *_ = await five(pool)
    asked, _ = await propose(pool, first)
    await answer(pool, asked, accepted=False)
    await propose(pool, second, due_on=TODAY)
    await propose(pool, third)
    tomorrow = TODAY + timedelta(days=1)
    await expire(pool, tomorrow)

    with pytest.raises(Rejected) as refused:
        await propose(pool, third, noon(tomorrow), about="B2B-2026-015")
    assert refused.value.code == "others_first", "another order is another turn"
    [fourth] = (await ranked(pool))[3:4]
    silent, _ = await propose(pool, fourth, noon(tomorrow), passed_over="no answer in time")

    assert silent.passed_over is not None
    assert silent.passed_over.maker_ids == [second]


async def test_two_who_propose_the_same_at_once_ask_in_turn(database: Database) -> None:
    pool = await database("training")
    first, second, *_ = await five(pool)

    wanted = [propose(pool, maker) for maker in (first, second, first, second)]
    results = await asyncio.gather(*wanted, return_exceptions=True)

    made = [result[0].maker_id for result in results if not isinstance(result, BaseException)]
    assert made.count(first) == 1
    assert made.count(second) <= 1
    assert all(isinstance(result, Rejected) for result in results if isinstance(result, BaseException))


async def test_an_accepted_remedial_session_is_an_ordinary_enrolment(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    one, other = await a_graduate(pool, ago(3)), await a_graduate(pool, ago(2))
    cohort = await open_cohort(pool, capacity=1, title="Perbaikan jahitan")
    about: dict[str, Any] = {"kind": REMEDIAL, "about": str(cohort.cohort_id).upper()}
    made, [told] = await propose(pool, one, **about)
    second, _ = await propose(pool, other, **about)

    first, events = await answer(pool, made, accepted=True)
    waiting, later = await answer(pool, second, accepted=True)

    assert isinstance(told, ProposalMade)
    assert (told.title, told.reference, made.craft) == ("Perbaikan jahitan", str(cohort.cohort_id), "batik")
    assert first.proposal.state == "accepted"
    assert first.enrolment is not None and first.enrolment.state == "enrolled"
    assert waiting.enrolment is not None and waiting.enrolment.position == 1
    assert [type(event) for event in events] == [MakerEnrolled, ProposalClosed]
    assert [type(event) for event in later] == [MakerWaitlisted, ProposalClosed]
    states = {enrolment.maker_id: enrolment.state for enrolment in (await look_at(pool, cohort)).enrolments}
    assert states == {one: "enrolled", other: "waitlisted"}


async def test_who_was_enrolled_in_the_meantime_is_not_enrolled_again(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, cohort = await a_graduate(pool, ago(3)), await open_cohort(pool)
    made, _ = await propose(pool, maker, kind=REMEDIAL, about=str(cohort.cohort_id))
    await enrol(pool, cohort, maker)

    answered, events = await answer(pool, made, accepted=True)

    assert (answered.proposal.state, answered.enrolment) == ("accepted", None)
    assert [type(event) for event in events] == [ProposalClosed]


async def test_a_declined_proposal_enrols_nobody_and_may_be_made_again(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, cohort = await a_graduate(pool, ago(3)), await open_cohort(pool)
    about: dict[str, Any] = {"kind": REMEDIAL, "about": str(cohort.cohort_id)}
    made, _ = await propose(pool, maker, **about)

    answered, [closed] = await answer(pool, made, accepted=False)

    assert (answered.proposal.answered_by, answered.proposal.note) == (RINI, "Ibu senang")
    assert isinstance(closed, ProposalClosed)
    assert closed.outcome == "declined"
    assert (await look_at(pool, cohort)).enrolments == []
    again, _ = await propose(pool, maker, **about)
    with pytest.raises(Rejected) as refused:
        await answer(pool, made, accepted=True)
    assert refused.value.code == "proposal_closed"
    assert again.proposal_id != made.proposal_id


async def test_of_several_answers_at_once_one_counts(database: Database) -> None:
    pool = await database("training")
    [first, *_] = await five(pool)
    made, _ = await propose(pool, first)

    answers = [answer(pool, made, accepted) for accepted in (True, False, True)]
    results = await asyncio.gather(*answers, return_exceptions=True)

    assert [error.code for error in results if isinstance(error, Rejected)] == ["proposal_closed"] * 2


async def test_a_proposal_that_nobody_answers_expires_after_its_day(database: Database) -> None:
    pool = await database("training")
    first, second, *_ = await five(pool)
    silent, _ = await propose(pool, first, due_on=TODAY)
    answered, _ = await propose(pool, second, due_on=TODAY)
    await answer(pool, answered, accepted=True)
    tomorrow = TODAY + timedelta(days=1)
    assert await expire(pool) == []

    with pytest.raises(Rejected) as refused:
        await answer(pool, silent, accepted=True, now=noon(tomorrow))
    assert refused.value.code == "proposal_expired"
    [closed] = await expire(pool, tomorrow)

    assert isinstance(closed, ProposalClosed)
    assert (closed.proposal_id, closed.outcome) == (silent.proposal_id, "expired")
    assert await expire(pool, tomorrow) == []


async def test_what_makes_no_sense_is_not_proposed(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(3))

    with pytest.raises(Rejected) as refused:
        await propose(pool, maker, craft="sewing")
    assert refused.value.code == "no_candidate"
    with pytest.raises(NotFound):
        await propose(pool, uuid4())
    with pytest.raises(NotFound):
        await propose(pool, maker, kind=REMEDIAL, about=str(uuid4()))
    with pytest.raises(NotFound):
        await answer(pool, (await propose(pool, maker))[0].model_copy(update={"proposal_id": uuid4()}), accepted=True)
    with pytest.raises(NotFound):
        await do(pool, proposal_views.get_proposal, GetProposal(proposal_id=uuid4()))
    over = await graduate(pool, maker)
    with pytest.raises(Rejected) as refused:
        await propose(pool, maker, kind=REMEDIAL, about=str(over.cohort_id))
    assert refused.value.code == "cohort_completed"


async def test_proposals_are_listed_the_newest_first(database: Database) -> None:
    pool = await database("training")
    first, second, *_ = await five(pool)
    made: list[Proposal] = []
    for n, maker in enumerate((first, second)):
        made.append((await propose(pool, maker, noon(TODAY) + timedelta(minutes=n)))[0])

    async def listed(**asked: Any) -> list[UUID]:
        found = await do(pool, proposal_views.list_proposals, ListProposals.model_validate(asked))
        return [one.proposal_id for one in found.items]

    newest = [made[1].proposal_id, made[0].proposal_id]
    assert await listed(about="B2B-2026-014", kind="order", state="open") == newest
    assert await listed(maker_id=first) == newest[1:]
    assert await listed(state="accepted") == await listed(about="X") == []
    page = await do(pool, proposal_views.list_proposals, ListProposals(limit=1))
    assert await listed(cursor=page.next) == newest[1:]
