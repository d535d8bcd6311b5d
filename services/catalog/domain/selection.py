"""How a submission becomes a product: who may share in it, how jurors' scores count, what the jury may decide."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from services.catalog.domain.products import SKU_PREFIX, check_floor
from shared.contracts.catalog import (
    ChangesRequested,
    Criterion,
    DecideSubmission,
    ProductRejected,
    Submission,
    SubmitProduct,
    Verdict,
)
from shared.errors import Invalid, NotYet, Rejected

CRITERIA: Mapping[Criterion, int] = {
    Criterion.MARKET_FIT: 25,
    Criterion.SALE_VALUE: 20,
    Criterion.FINISH: 20,
    Criterion.CONSISTENCY: 10,
    Criterion.REPEATABILITY: 10,
    Criterion.PRICE_REALISM: 10,
    Criterion.AUTHENTICITY: 5,
}
"""The weight of each criterion, in per cent."""

PASS_MARK = 600
"""The mean score, of 1000, that a product needs."""


class State(StrEnum):
    """Where a submission stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in-review"
    CHANGES_REQUESTED = "changes-requested"
    APPROVED = "approved"
    REJECTED = "rejected"


OUTCOMES: Mapping[Verdict, State] = {
    Verdict.APPROVE: State.APPROVED,
    Verdict.CHANGES: State.CHANGES_REQUESTED,
    Verdict.REJECT: State.REJECTED,
}


def check_submission(submitted: SubmitProduct) -> None:
    """Raises Rejected when it is no product of these makers."""
    if submitted.craft not in SKU_PREFIX:
        raise Rejected("no_products_in_business_class", "the business class makes no products")
    if len({maker.maker_id for maker in submitted.makers}) < len(submitted.makers):
        raise Rejected("maker_named_twice", "each maker is named once, with one weight")


def check_makers(unknown: Sequence[UUID]) -> None:
    """Raises NotYet: a maker's registration may still be on its way."""
    if unknown:
        raise NotYet("maker_unknown", f"not registered here yet: {', '.join([str(maker) for maker in unknown])}")


def check_open(submission: Submission) -> None:
    """Raises Rejected once the jury has decided."""
    if submission.state not in (State.SUBMITTED, State.IN_REVIEW):
        raise Rejected("already_decided", f"the submission is {submission.state}")


def score(scores: Mapping[Criterion, int]) -> int:
    """The weighted mean of scores of 0 to 10, as 0 to 1000. Raises Invalid naming the criteria left out."""
    missing = [criterion for criterion in CRITERIA if criterion not in scores]
    if missing:
        errors = [{"field": f"scores.{criterion}", "reason": "a score of 0 to 10 is required"} for criterion in missing]
        raise Invalid("scores_missing", f"no score for {', '.join(missing)}", errors=errors)
    return sum([weight * scores[criterion] for criterion, weight in CRITERIA.items()])


def decide(submission: Submission, decision: DecideSubmission) -> State:
    """The state that the decision leads to. Raises Rejected when the rules do not allow it."""
    check_open(submission)
    if decision.verdict is Verdict.APPROVE:
        _check_approval(submission, decision)
    elif not decision.reasons:
        raise Rejected("reasons_required", "say why: the makers are told, and helped by it")
    return OUTCOMES[decision.verdict]


def _check_approval(submission: Submission, decision: DecideSubmission) -> None:
    if submission.score is None:
        raise Rejected("review_required", "no juror has reviewed it")
    if submission.score < PASS_MARK:
        raise Rejected("score_too_low", f"the mean score is {submission.score}, {PASS_MARK} is needed")
    if decision.price is None:
        raise Rejected("price_required", "a product is approved with its price")
    check_floor(decision.price, decision.floor)


def refusal(submission: Submission, decision: DecideSubmission) -> ChangesRequested | ProductRejected:
    """What the world is told of a submission that does not become a product, or not yet."""
    kind = ChangesRequested if decision.verdict is Verdict.CHANGES else ProductRejected
    return kind(
        submission_id=submission.submission_id,
        title=submission.title,
        reasons=decision.reasons,
        makers=submission.makers,
    )
