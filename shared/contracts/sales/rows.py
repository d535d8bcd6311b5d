"""Who is paid by a batch that was sent: a row for each maker, and one for each cooperative that is repaid loans."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from shared.contracts.message import Code, Moment, Part

RowState = Literal["pending", "paid", "failed", "held"]
Outcome = Literal["paid", "failed", "unknown"]
AttemptKey = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^KR[A-Z2-7]{12}$")]
"""What a bank or a cooperative names the row by. Each attempt to pay it has a key of its own."""


class PayoutRow(Part):
    """`maker_id` or `lender`: who is paid. `held`: nobody knows whether it was paid, so it is not paid again.

    `attempt`: how often it was tried, now under `attempt_key`; `since` then it is in this state, for this `reason`.
    """

    maker_id: UUID | None
    lender: Code | None
    amount: int
    state: RowState
    attempt: int
    attempt_key: AttemptKey
    since: Moment
    reason: str | None


class TriedRow(Part):
    """A row as events tell of it: of a maker or of a lender."""

    maker_id: UUID | None = None
    lender: Code | None = None
    amount: int
    attempt_key: AttemptKey
