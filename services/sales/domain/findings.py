"""What a person should look at: the kinds, what each means, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.sales import tills
from shared.contracts.sales.tills import FindingKind, FindingOpened, FindingSettled
from shared.runtime.envelope import named_id

BY_ITSELF = "system"
"""Who settles what is no longer so."""


@dataclass(frozen=True, slots=True)
class Sense:
    """In plain words: what it is, and what to do about it."""

    means: str
    remedy: str


SENSE: Mapping[FindingKind, Sense] = {
    "suspected-duplicate": Sense(
        "Within ten seconds one till sold the same thing at the same price on two receipts. "
        "Both were recorded; maybe the till reported one sale twice.",
        "Ask the outlet for both receipts. If one was never sold, take it back: POST /v1/sales/{sale_id}/void; this "
        "then settles itself. If both were sold, settle this: POST /v1/findings/{finding_id}/settlement.",
    ),
    "sequence-gap": Sense(
        "The till passed over numbers: it reported later ones, and nothing has come with these.",
        "Look whether the till holds reports that it has not sent and have it send them: this settles itself when they "
        "arrive. If the till gave these numbers to nothing, settle this: POST /v1/findings/{finding_id}/settlement.",
    ),
    "numbering-restarted": Sense(
        "The till gave numbers that it had given before to something else: it was restored from a copy or set up anew. "
        "All reports are recorded; numbers that were used twice can no longer show that one of them is missing.",
        "Ask the outlet what was done with the till. Compare the day's closing: GET /v1/outlets/{code}/closings. "
        "Then settle this: POST /v1/findings/{finding_id}/settlement.",
    ),
    "totals-differ": Sense(
        "The till's closing of the day does not agree with what is recorded of it.",
        "Settle the till's reports that wait (GET /v1/parked) and have the till send the missing numbers: this settles "
        "itself when the totals agree. If the closing was wrong, have the till close the day again and choose the new "
        "closing: POST /v1/parked/{parked_id}/choice.",
    ),
    "serial-conflict": Sense(
        "Two tills say that they sold the same piece. One sale stands (`recorded`), the other report is parked.",
        "Have both outlets look for the piece. Who still has it did not sell it: say which report is right, "
        "POST /v1/parked/{parked_id}/choice. Then settle this: POST /v1/findings/{finding_id}/settlement.",
    ),
    "piece-elsewhere": Sense(
        "A piece was sold where it should not be: by the books it was somewhere else, missing or damaged (`was`; no "
        "outlet: on its way to its maker, or with her). The sale is recorded.",
        "See where it is now: GET /v1/units/{serial}/place. Ask both outlets how it got there. If another was sold, "
        "take the sale back: POST /v1/sales/{sale_id}/void. If it had been missing, settle its claim: "
        "POST /v1/claims/{claim_id}/settlement. Else count the shelf where it should lie: "
        "POST /v1/outlets/{code}/stock-counts. Then settle this: POST /v1/findings/{finding_id}/settlement.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject`: what it is about, for people; `detail`: facts that JSON can hold, nothing personal."""

    finding_id: UUID
    kind: FindingKind
    outlet: str
    till: str | None
    subject: str
    detail: dict[str, Any]
    opened_at: datetime


def finding_id(kind: FindingKind, *about: object) -> UUID:
    """The same thing is found once, whoever finds it, however often."""
    return named_id("finding", kind, *about)


def opened(finding: Finding) -> FindingOpened:
    return FindingOpened(
        finding_id=finding.finding_id,
        kind=finding.kind,
        outlet=finding.outlet,
        till=finding.till,
        concerns=finding.subject,
        detail=finding.detail,
        opened_at=finding.opened_at,
    )


def settled(finding: Finding, by: str, at: datetime) -> FindingSettled:
    return FindingSettled(
        finding_id=finding.finding_id,
        kind=finding.kind,
        outlet=finding.outlet,
        concerns=finding.subject,
        cured=by == BY_ITSELF,
        settled_at=at,
    )


def show(row: Mapping[str, Any]) -> tills.Finding:
    """A stored finding as it is answered."""
    sense = SENSE[row["kind"]]
    state = "open" if row["settled_at"] is None else "settled"
    return tills.Finding(**row, state=state, means=sense.means, remedy=sense.remedy)
