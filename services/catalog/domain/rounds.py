"""A submission that is handed in again: what it says now, and how that differs from the round before."""

from collections.abc import Sequence

from shared.contracts.catalog import Change, ResubmitProduct, Round, Submission
from shared.errors import Rejected

TOLD = (
    "title", "technique", "material", "hours", "asking_price", "story", "contains_animal_material",
    "halal_certificate",
)  # fmt: skip
"""What makers say of their work, and may say otherwise in the next round."""


def check_changes_asked(submission: Submission) -> None:
    """Raises Rejected for a submission that was not sent back."""
    if submission.state != "changes-requested":
        detail = f"the submission is {submission.state}; a next round follows when changes were asked for"
        raise Rejected("no_changes_requested", detail)


def said_anew(before: Round, said: ResubmitProduct) -> Round:
    """The round before with all that is said otherwise now."""
    fresh = {name: getattr(said, name) for name in TOLD if getattr(said, name) is not None}
    return before.model_copy(update=fresh)


def with_changes(rounds: Sequence[Round]) -> list[Round]:
    """Each round with what it says otherwise than the one before."""
    befores = [None, *rounds[:-1]]
    return [
        after.model_copy(update={"changes": changes(before, after) if before else []})
        for before, after in zip(befores, rounds, strict=True)
    ]


def changes(before: Round, after: Round) -> list[Change]:
    """Field by field."""
    return [
        Change(field=name, before=getattr(before, name), after=getattr(after, name))
        for name in TOLD
        if getattr(before, name) != getattr(after, name)
    ]
