"""How a submission becomes a product: who may share in it, what the jury may decide, and when it is over."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from services.catalog.domain.criteria import Feedback
from services.catalog.domain.jury import check_quorum
from services.catalog.domain.products import SKU_PREFIX, check_floor
from shared.contracts.catalog import (
    ChangesRequested,
    Criteria,
    DecideSubmission,
    ProductRejected,
    Submission,
    SubmitProduct,
    Verdict,
)
from shared.errors import NotYet, Rejected


class State(StrEnum):
    """Where a submission stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in-review"
    CHANGES_REQUESTED = "changes-requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


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


def check_living(anonymised: Sequence[UUID]) -> None:
    """Raises Rejected: nothing new is written of somebody of whom nobody can tell any more who she was."""
    if anonymised:
        named = ", ".join([str(maker) for maker in anonymised])
        raise Rejected("maker_anonymised", f"anonymised, so nothing new is written of them: {named}")


def check_open(submission: Submission) -> None:
    """Raises Rejected once the jury has decided, or the makers have taken it back."""
    if submission.state == State.WITHDRAWN:
        raise Rejected("withdrawn", "its makers have taken it back")
    if submission.state not in (State.SUBMITTED, State.IN_REVIEW):
        raise Rejected("already_decided", f"the submission is {submission.state}")


def decide(submission: Submission, decision: DecideSubmission, criteria: Criteria) -> State:
    """The state that the decision leads to. Raises Rejected when the rules do not allow it."""
    check_open(submission)
    if decision.verdict is not Verdict.APPROVE and not (decision.reasons or decision.tags):
        raise Rejected("reasons_required", "say why: the makers are told, and helped by it")
    check_quorum(submission.reviews, criteria, decision.verdict)
    if decision.verdict is Verdict.APPROVE:
        _check_approval(submission, decision, criteria.pass_mark)
    return OUTCOMES[decision.verdict]


def _check_approval(submission: Submission, decision: DecideSubmission, pass_mark: int) -> None:
    if submission.score is None:
        raise Rejected("review_required", "no juror has reviewed it")
    if submission.score < pass_mark:
        raise Rejected("score_too_low", f"the mean score is {submission.score}, {pass_mark} is needed")
    if decision.price is None:
        raise Rejected("price_required", "a product is approved with its price")
    check_floor(decision.price, decision.floor)


def refusal(
    submission: Submission, decision: DecideSubmission, feedback: Feedback
) -> ChangesRequested | ProductRejected:
    """What the world is told of a submission that does not become a product, or not yet."""
    kind = ChangesRequested if decision.verdict is Verdict.CHANGES else ProductRejected
    return kind(
        submission_id=submission.submission_id,
        title=submission.title,
        reasons=feedback.reasons,
        makers=submission.makers,
        round=submission.round,
        tags=feedback.tags,
        reasons_en=feedback.reasons_en,
        way_forward=feedback.way_forward,
    )
