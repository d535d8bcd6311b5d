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

SOLD, AT_OUTLET = "sold", "at-outlet"


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a piece is. `cause`: the number of the fact that put it there; when it is sold, of the sale."""

    serial: str
    sku: str
    state: str
    outlet: str | None
    cause: int | None
    since: datetime

    def sell(self, sale: int, outlet: str, at: datetime) -> "Unit":
        return replace(self, state=SOLD, outlet=outlet, cause=sale, since=at)

    def come_back(self, fact: int, outlet: str, at: datetime) -> "Unit":
        """A buyer brought it to `outlet`, or its sale is taken back."""
        return replace(self, state=AT_OUTLET, outlet=outlet, cause=fact, since=at)

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
    own = f"{outlet}/"
    return serial if serial is None or is_ours(serial) or serial.startswith(own) else own + serial


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
