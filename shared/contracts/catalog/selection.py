"""How a jury judges: dated criteria, reasons for a no, who abstains, and all rounds of a submission."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator

from shared.contracts.catalog.replies import Abstention, Review, Submission
from shared.contracts.catalog.terms import Advice, Certificate, CriterionCode, Reason, WayForward
from shared.contracts.message import Code, Command, Moment, Name, Page, Part, Query, Rupiah, Text, Why

CENT = 100
Mark = Annotated[int, Field(strict=True, ge=0, le=1000)]
"""A score of a thousand."""

Share = Annotated[int, Field(strict=True, ge=1, le=CENT)]
"""A criterion's weight, in per cent."""


class Criteria(Part):
    """From `valid_from` on: what a submission is judged by that is handed in while they hold.

    `quorum`: how many reviews that count an approval needs; `quorum_to_refuse`: and a no. `halal_from`: since when
    nothing of animal material is approved without its halal certificate, whenever it was handed in.
    """

    valid_from: Moment
    pass_mark: Mark
    quorum: int
    quorum_to_refuse: int
    weights: dict[CriterionCode, int]
    descriptions: dict[CriterionCode, str]
    halal_from: Moment | None
    in_force: bool


class CriteriaHistory(Part):
    items: list[Criteria]
    next: str | None


class SetCriteria(Command[Criteria], wire="catalog.SetCriteria.v1"):
    """Criteria from a moment on that is still to come, with weights that are 100 together.

    Left out: `quorum_to_refuse` is the quorum, `halal_from` stays as it was.
    """

    valid_from: Moment
    pass_mark: Mark
    quorum: Annotated[int, Field(strict=True, ge=1, le=50)]
    weights: Annotated[dict[CriterionCode, Share], Field(min_length=1, max_length=30)]
    descriptions: dict[CriterionCode, Text] = Field(default_factory=dict, max_length=30)
    quorum_to_refuse: Annotated[int, Field(strict=True, ge=0, le=50)] | None = None
    halal_from: Moment | None = None

    @field_validator("weights")
    @classmethod
    def _are_whole(cls, weights: dict[str, int]) -> dict[str, int]:
        if sum(weights.values()) != CENT:
            raise ValueError(f"the weights must be {CENT} together, they are {sum(weights.values())}")
        return weights


class ListCriteria(Page[CriteriaHistory], wire="catalog.ListCriteria.v1"):
    """The newest first. `valid_at`: only those that hold at that moment."""

    valid_at: Moment | None = None


class ReasonTag(Part):
    """A reason that is given again and again, and the advice that belongs to it, both in plain words."""

    tag: Code
    indonesian: Reason
    english: Reason
    advice_indonesian: Advice
    advice_english: Advice
    retired: bool = False


class ReasonTags(Part):
    items: list[ReasonTag]
    next: str | None


class SetReasonTag(Command[ReasonTag], ReasonTag, wire="catalog.SetReasonTag.v1"):
    """A new tag, or other words for it. What makers were told before stays as it was; `retired`: no longer given."""


class ListReasonTags(Page[ReasonTags], wire="catalog.ListReasonTags.v1"):
    """By tag; those that are retired too."""


class AbstainFromReview(Command[Abstention], wire="catalog.AbstainFromReview.v1"):
    """A juror does not judge it in this round; what she said before no longer counts."""

    submission_id: UUID
    reason: Why


class ResubmitProduct(Command[Submission], wire="catalog.ResubmitProduct.v1"):
    """The next round, after changes were asked for. What is left out is as it was; `what_changed`: in her words."""

    submission_id: UUID
    what_changed: Why
    title: Name | None = None
    technique: Name | None = None
    material: Name | None = None
    hours: Annotated[int, Field(strict=True, ge=1, le=2000)] | None = None
    asking_price: Rupiah | None = None
    story: Text | None = None
    contains_animal_material: bool | None = None
    halal_certificate: Certificate | None = None


class WithdrawSubmission(Command[Submission], wire="catalog.WithdrawSubmission.v1"):
    """The makers take it back, before it is decided."""

    submission_id: UUID
    reason: Why | None = None


class Change(Part):
    """What a round says otherwise than the one before."""

    field: str
    before: str | int | bool | None
    after: str | int | bool | None


class Round(Part):
    """What was handed in, what jurors said of it, what was decided. `changes`: from the round before to this one."""

    round: int
    title: Name
    technique: str
    material: str
    hours: int
    asking_price: Rupiah
    story: str | None
    contains_animal_material: bool | None
    halal_certificate: str | None
    what_changed: str | None
    changes: list[Change] = Field(default_factory=list)
    submitted_at: Moment
    criteria_from: Moment
    state: str
    score: int | None
    reviews: list[Review]
    abstentions: list[Abstention]
    reasons: list[str]
    tags: list[str]
    way_forward: list[WayForward]
    decided_at: Moment | None
    decided_by: str | None


class WholeSubmission(Submission):
    """With its story. `changes`: what this round says otherwise than the one before; `rounds`: the first one first.

    `earlier_reasons`: why the round before was sent back; `earlier_way_forward`: what she was told to do about it.
    `criteria`: what this round is judged by. `may_not_judge`: accounts that trained one of the makers.
    """

    story: str | None
    changes: list[Change]
    earlier_reasons: list[str]
    earlier_way_forward: list[WayForward]
    withdrawn_because: str | None
    criteria: Criteria
    may_not_judge: list[str]
    rounds: list[Round]


class GetSubmission(Query[WholeSubmission], wire="catalog.GetSubmission.v1"):
    """For a juror blind, until she has scored it or abstained."""

    submission_id: UUID
