"""What submissions are judged by: criteria that hold from a day on, and reasons that are given again and again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.catalog import Criteria, DecideSubmission, ReasonTag, SetCriteria, Verdict, WayForward, WayKind
from shared.errors import Invalid, Rejected

GRACE = timedelta(minutes=1)
"""Criteria set to hold from "now" on have begun by the time they arrive."""

GENERAL = "general"
"""The tag whose advice goes with a no that brings neither tags nor a way forward."""


def check_criteria(wanted: SetCriteria, now: datetime) -> None:
    """Raises Rejected for criteria that would judge what was handed in already, Invalid for a stray description."""
    if wanted.valid_from < now - GRACE:
        raise Rejected("criteria_in_the_past", "criteria hold from now or later; what was handed in keeps its own")
    strange = sorted(wanted.descriptions.keys() - wanted.weights.keys())
    if strange:
        errors = [{"field": f"descriptions.{code}", "reason": "no criterion of these weights"} for code in strange]
        raise Invalid("criterion_unknown", f"no weight for {', '.join(strange)}", errors=errors)


def rule_for(wanted: SetCriteria, before: Criteria) -> SetCriteria:
    """The criteria in full: what was left out is filled in, from those that hold when these begin."""
    refuse = wanted.quorum if wanted.quorum_to_refuse is None else wanted.quorum_to_refuse
    update = {"quorum_to_refuse": refuse, "halal_from": wanted.halal_from or before.halal_from}
    return wanted.model_copy(update=update)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the makers are told with a decision: reasons in both languages, and with a no at least one way forward."""

    tags: list[str]
    reasons: list[str]
    reasons_en: list[str]
    way_forward: list[WayForward]


def feedback(decision: DecideSubmission, known: Mapping[str, ReasonTag]) -> Feedback:
    """`known`: the tags that the decision names, and the general one. Raises Invalid for a tag that is not known."""
    _check_tags(decision.tags, known)
    tags = list(dict.fromkeys(decision.tags))
    given = [known[tag] for tag in tags]
    ways = list(decision.way_forward)
    if not ways and decision.verdict is not Verdict.APPROVE:
        ways = [advice(tag) for tag in given or [known[GENERAL]]]
    return Feedback(
        tags=tags,
        reasons=[*[tag.indonesian for tag in given], *decision.reasons],
        reasons_en=[*[tag.english for tag in given], *decision.reasons] if given else [],
        way_forward=ways,
    )


def advice(tag: ReasonTag) -> WayForward:
    """What belongs to a tag when the coordinator says nothing more."""
    return WayForward(kind=WayKind.ADVICE, text=tag.advice_indonesian, text_en=tag.advice_english)


def _check_tags(tags: Sequence[str], known: Mapping[str, ReasonTag]) -> None:
    strange = [tag for tag in tags if tag not in known or known[tag].retired]
    if strange:
        errors = [{"field": "tags", "reason": f"no such reason: {tag}"} for tag in strange]
        raise Invalid("reason_tag_unknown", f"no such reason: {', '.join(strange)}", errors=errors)
