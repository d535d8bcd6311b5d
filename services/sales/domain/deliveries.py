"""What a delivery note may hold, where its pieces may come from, and what may arrive of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.sales.domain.calendar import CLOCKS_DIFFER, is_ahead
from services.sales.domain.stock import Shelf
from services.sales.domain.units import AT_OUTLET, LABELLED, SOLD, Place, Unit
from shared.contracts.sales.goods import DeliveryKind, DeliveryLine, DeliveryState, ReceivedLine
from shared.errors import NotYet, Rejected

PROGRAMME = "programme"
IN_TRANSIT, WITH_MAKER = "in-transit", "with-maker"
READY = frozenset({LABELLED, WITH_MAKER})
"""Where a piece may be before the programme sends it to an outlet."""

MOST_NAMED = 3_000
"""Pieces that a delivery note may name: what is told of it must fit into one event."""

Fate = Literal["received", "missing", "damaged"]


@dataclass(frozen=True, slots=True)
class Trip:
    """From the programme (`from_outlet` None) or an outlet to an outlet or to the makers (`outlet` None)."""

    kind: DeliveryKind
    from_outlet: str | None
    outlet: str | None
    note: str | None

    @property
    def responsible(self) -> str:
        """Who answers for what does not arrive: whoever sent it."""
        return self.from_outlet or PROGRAMME


@dataclass(frozen=True, slots=True)
class Note:
    """A delivery note as it stands; `no` is its number among all facts."""

    no: int
    delivery_id: UUID
    number: str
    trip: Trip
    state: DeliveryState
    dispatched_at: datetime


def note_number(year: int, count: int) -> str:
    """What a delivery note (surat jalan) shows."""
    return f"SJ-{year}-{count:05d}"


def check_dispatch(lines: Sequence[DeliveryLine], known: set[str]) -> None:
    """Raises NotYet naming SKUs that are not known: their approval may be on its way."""
    check_once([line.sku for line in lines])
    check_known({line.sku for line in lines}, known)


def check_known(skus: set[str], known: set[str]) -> None:
    """Raises NotYet."""
    if skus - known:
        raise NotYet("sku_unknown", f"not approved (yet): {', '.join(sorted(skus - known))}")


def check_offered(not_offered: Sequence[str]) -> None:
    """Raises Rejected: what the catalog has paused or retired goes to no outlet any more. It may come back from one."""
    if not_offered:
        raise Rejected("product_not_offered", f"paused or retired in the catalog: {', '.join(not_offered)}")


def check_once(skus: Sequence[str]) -> None:
    """Raises Rejected when a SKU stands in two lines."""
    twice = sorted({sku for sku in skus if skus.count(sku) > 1})
    if twice:
        raise Rejected("sku_repeated", f"in more than one line: {', '.join(twice)}")


def check_units(lines: Sequence[DeliveryLine], units: Mapping[str, Unit], trip: Trip) -> None:
    """Raises Rejected, or NotYet for a label that is not known (yet), unless every named piece can go on this trip."""
    named = [(line.sku, serial) for line in lines for serial in line.serials]
    check_serials([serial for _, serial in named])
    if len(named) > MOST_NAMED:
        raise Rejected("too_many_serials", f"{len(named)} pieces are named; a note holds {MOST_NAMED}: send several")
    for line in lines:
        if line.serials and len(line.serials) != line.quantity:
            raise Rejected("serials_differ", f"{line.sku}: {line.quantity} pieces, {len(line.serials)} serials")
    for sku, serial in named:
        _check_unit(sku, serial, units.get(serial), trip.from_outlet)


def check_serials(serials: Sequence[str]) -> None:
    """Raises Rejected when a piece is named twice."""
    twice = [serial for serial, times in Counter(serials).items() if times > 1]
    if twice:
        raise Rejected("serial_repeated", f"named more than once: {', '.join(sorted(twice))}")


def _check_unit(sku: str, serial: str, unit: Unit | None, origin: str | None) -> None:
    if unit is None:
        raise NotYet("serial_unknown", f"{serial} is not the label of a piece (yet)")
    if unit.sku != sku:
        raise Rejected("serial_of_other_sku", f"{serial} is a {unit.sku}, not a {sku}")
    here = unit.state in READY if origin is None else (unit.state, unit.outlet) == (AT_OUTLET, origin)
    if not here:
        where = f" ({unit.outlet})" if unit.outlet else ""
        raise Rejected("serial_elsewhere", f"{serial} cannot be sent from there: it is {unit.state}{where}")


def check_available(wanted: Mapping[Shelf, int], available: Mapping[Shelf, int]) -> None:
    """Raises Rejected naming the SKUs of which less lies there, and is not held for somebody, than shall be sent."""
    short = [
        f"{shelf[1]} ({max(available.get(shelf, 0), 0)})"
        for shelf, pieces in wanted.items()
        if available.get(shelf, 0) < pieces
    ]
    if short:
        raise Rejected("more_than_on_hand", f"not so many are there to be sent: {', '.join(short)}")


def arrived(sent: Sequence[DeliveryLine], lines: Sequence[ReceivedLine] | None) -> list[ReceivedLine]:
    """What is whole or damaged of every line that was sent; without `lines` all of it arrived.

    A sent SKU that `lines` leaves out is missing. Raises Rejected for what was not sent or is more than was sent.
    """
    if lines is None:
        lines = [ReceivedLine(sku=line.sku, received=line.quantity) for line in sent]
    check_once([line.sku for line in lines])
    told = {line.sku: line for line in lines}
    strange = told.keys() - {line.sku for line in sent}
    if strange:
        raise Rejected("sku_not_sent", f"not on this delivery note: {', '.join(sorted(strange))}")
    return [_arrived(line, told.get(line.sku) or ReceivedLine(sku=line.sku, received=0)) for line in sent]


def _arrived(sent: DeliveryLine, told: ReceivedLine) -> ReceivedLine:
    """With the names of the pieces, when they have names."""
    if told.received + told.damaged > sent.quantity:
        raise Rejected("more_than_sent", f"{sent.sku}: {sent.quantity} were sent")
    check_serials([*told.serials, *told.damaged_serials])
    named = {*told.serials, *told.damaged_serials}
    strange = named - set(sent.serials)
    if strange:
        raise Rejected("serial_not_sent", f"{sent.sku}: not on this delivery note: {', '.join(sorted(strange))}")
    whole, damaged = told.serials, told.damaged_serials
    rest = [serial for serial in sent.serials if serial not in named]
    if told.received + told.damaged == sent.quantity:
        whole = whole or (rest if told.received else [])
        damaged = damaged or ([serial for serial in rest if serial not in whole] if told.damaged else [])
    if sent.serials and (len(whole), len(damaged)) != (told.received, told.damaged):
        raise Rejected(
            "serials_differ", f"{sent.sku}: say by their serials which pieces arrived, and which of them how"
        )
    return told.model_copy(update={"serials": whole, "damaged_serials": damaged})


def check_arrival(note: Note, at: datetime | None, now: datetime) -> None:
    """Raises Rejected when it cannot have arrived then, if somebody says when."""
    if at and is_ahead(at, now):
        raise Rejected("received_in_the_future", f"received at {at.isoformat()}")
    if at and note.dispatched_at - at > CLOCKS_DIFFER:
        raise Rejected("received_before_sent", f"{note.number} was sent at {note.dispatched_at.isoformat()}")


def fates(sent: Iterable[DeliveryLine], received: Iterable[ReceivedLine]) -> dict[str, Fate]:
    """What became of each piece with a serial."""
    found: dict[str, Fate] = {serial: "missing" for line in sent for serial in line.serials}
    for line in received:
        found |= dict.fromkeys(line.serials, "received")
        found |= dict.fromkeys(line.damaged_serials, "damaged")
    return found


def send(unit: Unit, note: Note, at: datetime) -> Unit:
    """On its way. It counts as being where it goes: a till there may be quicker than the receipt."""
    return replace(unit, state=IN_TRANSIT, outlet=note.trip.outlet, cause=note.no, since=at)


def arrive(unit: Unit, note: Note, fate: Fate, at: datetime) -> Unit:
    """At its end. A piece that something else moved meanwhile (a till sold it, say) stays where that put it."""
    whole = AT_OUTLET if note.trip.outlet else WITH_MAKER
    return unit.move(_under_way(note), Place(whole if fate == "received" else fate, note.trip.outlet, note.no), at)


def call_back(unit: Unit, note: Note, was: str, at: datetime) -> Unit:
    """Where it was before it was sent; unless something else moved it meanwhile."""
    return unit.move(_under_way(note), Place(was, note.trip.from_outlet, note.no), at)


def check_not_sold_there(units: Iterable[Unit], note: Note) -> None:
    """Raises Rejected when pieces were sold where they were sent: they have arrived, whatever people say."""
    there = (SOLD, note.trip.outlet, _under_way(note))
    sold = sorted([unit.serial for unit in units if (unit.state, unit.outlet, unit.was) == there])
    if sold:
        arrived = f"sold at {note.trip.outlet}, so it has arrived: {', '.join(sold)}"
        raise Rejected("piece_arrived", f"{arrived}; receive it, or have that sale taken back first")


def _under_way(note: Note) -> Place:
    return Place(IN_TRANSIT, note.trip.outlet, note.no)
