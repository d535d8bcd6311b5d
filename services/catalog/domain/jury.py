"""How jurors' scores count: by weight, when enough of them may judge, blind until each has spoken."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.contracts.catalog import Criteria, Review, Round, Submission, Verdict, WholeSubmission
from shared.errors import Invalid, Rejected

JUROR = "juror"
TRAINED = "juror_trained_maker"


def account_of(actor: str) -> str:
    """The account in an actor (`juror:dewi`), or itself when it comes without a role."""
    return actor.rpartition(":")[2]


def is_juror(actor: str) -> bool:
    """Whoever asks as anything else coordinates, or is one of the house."""
    return actor.partition(":")[0] == JUROR


def check_sighted(maker_id: UUID | None, actor: str) -> None:
    """Raises Rejected for a juror who would find out whose work she judges."""
    if maker_id and is_juror(actor):
        raise Rejected("judged_blind", "a juror does not ask for what one maker has made")


def score(scores: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The weighted mean of scores of 0 to 10, as 0 to 1000. Raises Invalid naming what is left out or unknown."""
    missing = [criterion for criterion in weights if criterion not in scores]
    strange = [criterion for criterion in scores if criterion not in weights]
    if missing:
        raise _invalid("scores_missing", "no score for", missing, "a score of 0 to 10 is required")
    if strange:
        raise _invalid("criterion_unknown", "not judged by", strange, f"one of {', '.join(weights)}")
    return sum([weight * scores[criterion] for criterion, weight in weights.items()])


def counted(reviews: Sequence[Review]) -> list[Review]:
    """Those of jurors who may judge it."""
    return [review for review in reviews if review.set_aside is None]


def mean(reviews: Sequence[Review]) -> int | None:
    """Of the reviews that count, rounded down; None when there are none."""
    scores = [review.score for review in counted(reviews)]
    return sum(scores) // len(scores) if scores else None


def check_unbiased(trained: bool) -> None:
    """Raises Rejected for a juror who trained one of the makers."""
    if trained:
        raise Rejected(TRAINED, "she taught a cohort of one of the makers: nobody judges whom she trained")


def check_quorum(reviews: Sequence[Review], criteria: Criteria, verdict: Verdict) -> None:
    """Raises Rejected while too few reviews count; tells of those that do not."""
    having = len(counted(reviews))
    needed = criteria.quorum if verdict is Verdict.APPROVE else criteria.quorum_to_refuse
    if having >= needed:
        return
    aside = [f"{review.juror} ({review.set_aside})" for review in reviews if review.set_aside]
    without = f"; set aside: {', '.join(aside)}" if aside else ""
    if not having:
        raise Rejected("review_required", f"no juror has reviewed it, {needed} must{without}")
    raise Rejected("quorum_missing", f"{having} of {needed} reviews that count{without}")


def is_blind(submission: Submission, actor: str) -> bool:
    """Whether the actor is a juror who has neither scored it in this round nor abstained."""
    spoken = [review.juror for review in submission.reviews] + [one.juror for one in submission.abstentions]
    return is_juror(actor) and actor not in spoken


def conceal(submission: Submission, actor: str) -> Submission:
    """The submission without what would sway a juror: whose it is, and what others say of it."""
    return submission.model_copy(update=HIDDEN) if is_blind(submission, actor) else submission


def conceal_whole(submission: WholeSubmission, actor: str) -> WholeSubmission:
    """As `conceal`, in every round; what she said herself in an earlier one stays."""
    if not is_blind(submission, actor):
        return submission
    rounds = [_concealed(one, actor) for one in submission.rounds]
    update = {"story": None, "may_not_judge": [], "changes": rounds[-1].changes, "rounds": rounds}
    return submission.model_copy(update={**HIDDEN, **update})


HIDDEN: Mapping[str, Any] = {
    "score": None,
    "halal_certificate": None,
    "reviews": [],
    "abstentions": [],
    "makers": [],
    "blind": True,
}
TELLING = {"story", "halal_certificate"}
"""Fields that may tell whose it is."""


def _concealed(one: Round, actor: str) -> Round:
    update = {
        "score": None,
        "story": None,
        "halal_certificate": None,
        "abstentions": [],
        "reviews": [review for review in one.reviews if review.juror == actor],
        "changes": [change for change in one.changes if change.field not in TELLING],
    }
    return one.model_copy(update=update)


def _invalid(code: str, what: str, criteria: Sequence[str], reason: str) -> Invalid:
    errors = [{"field": f"scores.{criterion}", "reason": reason} for criterion in criteria]
    return Invalid(code, f"{what} {', '.join(criteria)}", errors=errors)
