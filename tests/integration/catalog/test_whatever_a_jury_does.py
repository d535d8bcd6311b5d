"""A submission through random hands: after each step it stands where the rules say, and nothing is forgotten."""

from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.catalog.handlers import selection
from shared.contracts.catalog import Submission, Verdict, WholeSubmission, WithdrawSubmission
from shared.db import Pool
from shared.errors import Rejected
from tests.integration.catalog.builders import Database, do, register, submit
from tests.integration.catalog.juries import abstain, agree, decide, enrol, hand_in_again, score, seen_by, teach

ONE_DATABASE = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JURORS = ["dewi", "sari", "tuti"]
PASS_MARK, QUORUM, TO_REFUSE = 600, 2, 1
OPEN = ("submitted", "in-review")
_makers = count(1000)


class Act(NamedTuple):
    """What somebody does. `juror`: who, or who is heard to have taught the maker."""

    what: str
    juror: str
    points: int
    verdict: Verdict


OFTEN = {"score": 40, "correct": 8, "abstain": 4, "decide": 16, "again": 24, "withdraw": 1, "teach": 2}
VERDICTS = [Verdict.CHANGES] * 6 + [Verdict.APPROVE] * 3 + [Verdict.REJECT]
"""Mostly what leads to more: a play ends early otherwise."""


@st.composite
def plays(draw: st.DrawFn) -> list[Act]:
    """What somebody does, some twenty times. Drawn from one seed, so that nothing is rarer than it is meant to be."""
    chance = draw(st.randoms(use_true_random=True))
    kinds, weights = list(OFTEN), list(OFTEN.values())
    return [
        Act(kind, chance.choice(JURORS), chance.randint(4, 10), chance.choice(VERDICTS))
        for kind in chance.choices(kinds, weights, k=25)
    ]


@dataclass
class Model:
    """Where the submission must stand, by the rules in plain words. `kept`: the scores of earlier rounds."""

    state: str = "submitted"
    scores: dict[str, int] = field(default_factory=dict)
    abstained: set[str] = field(default_factory=set)
    trained: set[str] = field(default_factory=set)
    kept: list[int | None] = field(default_factory=list)
    frozen: int | None = None

    @property
    def counting(self) -> list[int]:
        return [points for juror, points in self.scores.items() if juror not in self.trained]

    @property
    def mean(self) -> int | None:
        if self.state not in OPEN:
            return self.frozen
        return sum(self.counting) // len(self.counting) if self.counting else None

    def refusal(self, act: Act) -> str | None:
        """Why the act is refused; None: it is done."""
        if act.what == "teach":
            return None
        if act.what == "again":
            return None if self.state == "changes-requested" else "no_changes_requested"
        if self.state not in OPEN:
            return "withdrawn" if self.state == "withdrawn" else "already_decided"
        if act.what == "withdraw":
            return None
        return self._of_decision(act.verdict) if act.what == "decide" else self._of_juror(act)

    def _of_juror(self, act: Act) -> str | None:
        if act.juror in self.abstained:
            return "already_abstained"
        if act.what == "abstain":
            return None
        if act.juror in self.trained:
            return "juror_trained_maker"
        return "already_reviewed" if act.what == "score" and act.juror in self.scores else None

    def _of_decision(self, verdict: Verdict) -> str | None:
        having = len(self.counting)
        if having < (QUORUM if verdict is Verdict.APPROVE else TO_REFUSE):
            return "quorum_missing" if having else "review_required"
        return "score_too_low" if verdict is Verdict.APPROVE and (self.mean or 0) < PASS_MARK else None

    def take(self, act: Act) -> None:
        """What follows from an act that is done."""
        mean = self.mean
        if act.what == "teach":
            self.trained.add(act.juror)
        elif act.what in ("score", "correct"):
            self.scores[act.juror], self.state = act.points * 100, "in-review"
        elif act.what == "abstain":
            self.abstained.add(act.juror)
            self.scores.pop(act.juror, None)
        elif act.what == "again":
            self.kept.append(self.frozen)
            self.state, self.scores, self.abstained, self.frozen = "submitted", {}, set(), None
        else:
            over = {Verdict.APPROVE: "approved", Verdict.CHANGES: "changes-requested", Verdict.REJECT: "rejected"}
            self.state = over[act.verdict] if act.what == "decide" else "withdrawn"
            self.frozen = mean


@pytest.fixture
async def pool(database: Database) -> Pool:
    """One for all plays of a test: each has a maker of its own."""
    pool = await database("catalog")
    await agree(pool, pass_mark=PASS_MARK, quorum=QUORUM, quorum_to_refuse=TO_REFUSE, weights={"finish": 100})
    return pool


async def act_out(pool: Pool, submission: Submission, act: Act, cohort: UUID) -> None:
    juror = f"juror:{act.juror}"
    if act.what == "teach":
        await teach(pool, act.juror, cohort=cohort)
    elif act.what in ("score", "correct"):
        await score(pool, submission, juror, correct=act.what == "correct", finish=act.points)
    elif act.what == "abstain":
        await abstain(pool, submission, juror)
    elif act.what == "again":
        await hand_in_again(pool, submission)
    elif act.what == "withdraw":
        await do(pool, selection.withdraw_submission, WithdrawSubmission(submission_id=submission.submission_id))
    else:
        await decide(pool, submission, act.verdict)


@ONE_DATABASE
@given(acts=plays())
async def test_a_submission_stands_where_the_rules_say(pool: Pool, acts: list[Act]) -> None:
    maker, model = UUID(int=next(_makers)), Model()
    await register(pool, maker)
    await enrol(pool, maker, cohort=maker)
    submission = await submit(pool, maker)
    for act in acts:
        refused = model.refusal(act)
        if refused:
            with pytest.raises(Rejected) as error:
                await act_out(pool, submission, act, maker)
            assert error.value.code == refused
        else:
            await act_out(pool, submission, act, maker)
            model.take(act)
        agrees(await seen_by(pool, submission, "coordinator:rini"), model)


def agrees(seen: WholeSubmission, model: Model) -> None:
    assert (seen.state, seen.round, seen.score) == (model.state, len(model.kept) + 1, model.mean)
    assert {review.juror.partition(":")[2]: review.score for review in seen.reviews} == model.scores
    assert {one.juror.partition(":")[2] for one in seen.abstentions} == model.abstained
    assert [one.score for one in seen.rounds] == [*model.kept, model.mean]
    said_no = [one for one in seen.rounds if one.state in ("changes-requested", "rejected")]
    assert all(one.reasons and one.way_forward for one in said_no)
    assert (seen.sku is not None) == (model.state == "approved")
