"""What did not arrive whole, and what may become of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.deliveries import WITH_MAKER, Fate, Note, check_serials
from services.sales.domain.units import AT_OUTLET, Place, Unit
from shared.contracts.sales.goods import ClaimKind, DeliveryLine, ReceivedLine, Resolution, SettleClaim
from shared.errors import Rejected

POSSIBLE: Mapping[ClaimKind, frozenset[Resolution]] = {
    "missing": frozenset({"found", "returned-to-maker", "lost", "written-off"}),
    "damaged": frozenset({"repaired", "returned-to-maker", "lost", "written-off"}),
}
BACK = frozenset({"found", "repaired"})
"""After these a piece is where it was sent."""


class Lost(NamedTuple):
    """Pieces of a line that did not arrive whole."""

    sku: str
    kind: ClaimKind
    quantity: int
    serials: list[str]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is open of a claim: `left` pieces, those named by `serials` when they have names."""

    no: int
    claim_id: UUID
    note: Note
    sku: str
    kind: ClaimKind
    quantity: int
    left: int
    serials: list[str]
    opened_at: datetime


class Answer(NamedTuple):
    """What became of `quantity` pieces."""

    resolution: Resolution
    quantity: int
    serials: list[str]

    @property
    def is_back(self) -> bool:
        return self.resolution in BACK


def lost(sent: Iterable[DeliveryLine], received: Sequence[ReceivedLine], fates: Mapping[str, Fate]) -> list[Lost]:
    """Of each line what is missing and what is damaged."""
    found: list[Lost] = []
    for line, told in zip(sent, received, strict=True):
        missing = [serial for serial in line.serials if fates[serial] == "missing"]
        found.append(Lost(line.sku, "missing", line.quantity - told.received - told.damaged, missing))
        found.append(Lost(line.sku, "damaged", told.damaged, told.damaged_serials))
    return [one for one in found if one.quantity]


def answer(claim: Claim, told: SettleClaim) -> Answer:
    """What is settled. Raises Rejected when that cannot have become of these pieces."""
    if told.resolution not in POSSIBLE[claim.kind]:
        choice = ", ".join(sorted(POSSIBLE[claim.kind]))
        raise Rejected("resolution_impossible", f"what was {claim.kind} can be: {choice}")
    check_serials(told.serials)
    quantity = told.quantity or len(told.serials) or claim.left
    if quantity > claim.left:
        raise Rejected("more_than_claimed", f"{claim.left} of {claim.sku} are open")
    return Answer(told.resolution, quantity, _named(claim, told.serials, quantity))


def _named(claim: Claim, serials: list[str], quantity: int) -> list[str]:
    strange = sorted(set(serials) - set(claim.serials))
    if strange:
        raise Rejected("serial_not_claimed", f"{claim.sku}: not open in this claim: {', '.join(strange)}")
    named = serials or (claim.serials if quantity == len(claim.serials) else [])
    if claim.serials and len(named) != quantity:
        raise Rejected("serials_differ", f"{claim.sku}: say by their serials which {quantity} pieces are meant")
    return named


def settle(unit: Unit, claim: Claim, resolution: Resolution, fact: int, at: datetime) -> Unit:
    """Where the piece is then. One that something else moved meanwhile (a till sold it, say) stays where that is."""
    if resolution == "written-off":
        return unit
    sent_to = claim.note.trip.outlet
    outlet = sent_to if resolution in BACK else None
    there = Place(AT_OUTLET if outlet else WITH_MAKER, outlet, fact)
    gone = Place("missing", sent_to, fact)
    return unit.move(Place(claim.kind, sent_to, claim.note.no), gone if resolution == "lost" else there, at)
