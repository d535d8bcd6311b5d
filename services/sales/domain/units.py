"""A piece with a serial is in exactly one place, and sold once until it comes back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.sales.domain.calendar import CLOCKS_DIFFER, in_jakarta
from shared.contracts.outlets import SaleReported
from shared.errors import Conflict, KaryaError, NotYet, Rejected

OURS = "29"
"""What the serials of our own labels begin with: the EAN-13 range for use inside an organisation."""

PATIENCE = timedelta(days=1)
"""How long a sale waits to hear of the label of its piece."""

SOLD, AT_OUTLET, LABELLED = "sold", "at-outlet", "labelled"
NOT_WHOLE = ("missing", "damaged")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece is, and the number of the fact that put it there."""

    state: str
    outlet: str | None
    cause: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a piece is. `cause`: the number of the fact that put it there; when it is sold, of the sale.

    `was`: of a piece that is sold, where it would be without that sale, as far as that is known.
    """

    serial: str
    sku: str
    state: str
    outlet: str | None
    cause: int | None
    since: datetime
    was: Place | None = None

    @property
    def place(self) -> Place:
        return Place(self.state, self.outlet, self.cause)

    def sell(self, sale: int, outlet: str, at: datetime) -> "Unit":
        """The label alone does not say where it is: such a piece was seen first where it is sold."""
        was = self.was if self.state == SOLD else None if self.state == LABELLED else self.place
        return replace(self, state=SOLD, outlet=outlet, cause=sale, since=at, was=was)

    def come_back(self, fact: int, outlet: str, at: datetime) -> "Unit":
        """A buyer brought it to `outlet`."""
        return replace(self, state=AT_OUTLET, outlet=outlet, cause=fact, since=at, was=None)

    def put_back(self, fact: int, at: datetime) -> "Unit":
        """Its sale was none: it is where it was. That it lies there this fact tells; all else what put it there."""
        assert self.was is not None
        cause = fact if self.was.state == AT_OUTLET else self.was.cause
        return replace(self, state=self.was.state, outlet=self.was.outlet, cause=cause, since=at, was=None)

    def move(self, before: Place, to: Place, at: datetime) -> "Unit":
        """On from `before`, also when it was there and is sold. What something else moved stays where that is."""
        if self.place == before:
            return replace(self, state=to.state, outlet=to.outlet, cause=to.cause, since=at)
        return replace(self, was=to) if self.was == before else self

    def lies_elsewhere(self, outlet: str) -> bool:
        """By all that is known it is not whole at this outlet, nor on its way there."""
        return self.state in NOT_WHOLE or (self.state not in (SOLD, LABELLED) and self.outlet != outlet)

    def is_sold_by(self, sale: int) -> bool:
        return self.state == SOLD and self.cause == sale

    def came_after(self, at: datetime) -> bool:
        """Whether it has come to an outlet since then, whatever clocks may differ."""
        return self.state == AT_OUTLET and self.since - at > CLOCKS_DIFFER


def is_ours(serial: str) -> bool:
    """Whether it looks like one of our labels: 13 digits that begin with 29. Outlets may have serials of their own."""
    return len(serial) == 13 and serial.isascii() and serial.isdigit() and serial.startswith(OURS)


def piece_of(outlet: str, serial: str | None) -> str | None:
    """What a piece is called here: our labels are unique everywhere, an outlet's own serials only within it."""
    if serial is None or is_ours(serial) or serial.startswith(own := f"{outlet}/"):
        return serial
    return own + serial


def as_labelled(piece: str) -> str:
    """What stands on the piece, as a till writes it."""
    return piece.partition("/")[2] or piece


def judge_unit(
    report: SaleReported, unit: Unit | None, back_at: datetime | None, moved_on: bool = False
) -> KaryaError | None:
    """Why this piece cannot have been sold (yet). `back_at`: when what this very sale sold came back.

    A piece that is sold now, or has `moved_on` (a later sale of it came back already), may have been sold and brought
    back before: told of late, both belong to its past.
    """
    if report.quantity != 1:
        return Rejected("serial_quantity", f"{report.subject}: a serial is one piece, not {report.quantity}")
    if unit is None:
        missing = NotYet("serial_unknown", f"{report.subject}: no label {report.serial}", patience=PATIENCE)
        return missing if is_ours(report.serial or "") else None
    if unit.sku != report.sku:
        return Conflict("serial_of_other_sku", f"{report.subject}: {unit.serial} is a {unit.sku}")
    if not (unit.state == SOLD or moved_on) or _is_past(report, unit, back_at):
        return None
    return _already_sold(report, unit)


def _already_sold(report: SaleReported, unit: Unit) -> Conflict:
    """With where and when, for a person who has to find out which buyer has the piece."""
    recorded = {"serial": unit.serial, "outlet": unit.outlet, "sold_at": in_jakarta(unit.since)}
    return Conflict(
        "serial_already_sold",
        f"{report.subject}: {unit.serial} is sold, and has not come back",
        candidates=[recorded] if unit.state == SOLD else None,
    )


def _is_past(report: SaleReported, unit: Unit, back_at: datetime | None) -> bool:
    return back_at is not None and report.sold_at <= back_at <= unit.since + CLOCKS_DIFFER
