"""What a delivery note may hold, and what may arrive of it."""

from collections.abc import Mapping, Sequence

from shared.contracts.sales import DeliveryLine, ReceivedLine
from shared.errors import NotYet, Rejected


def note_number(year: int, count: int) -> str:
    """What a delivery note (surat jalan) shows."""
    return f"SJ-{year}-{count:05d}"


def check_dispatch(lines: Sequence[DeliveryLine], known: set[str]) -> None:
    """Raises NotYet naming SKUs that are not known: their approval may be on its way."""
    check_once([line.sku for line in lines])
    unknown = sorted({line.sku for line in lines} - known)
    if unknown:
        raise NotYet("sku_unknown", f"not approved (yet): {', '.join(unknown)}")


def check_once(skus: Sequence[str]) -> None:
    """Raises Rejected when a SKU stands in two lines."""
    twice = sorted({sku for sku in skus if skus.count(sku) > 1})
    if twice:
        raise Rejected("sku_repeated", f"in more than one line: {', '.join(twice)}")


def arrived(sent: Mapping[str, int], lines: Sequence[ReceivedLine] | None) -> list[ReceivedLine]:
    """What is on the shelf or damaged of every line that was sent; without `lines` all of it arrived.

    A sent SKU that `lines` leaves out is missing. Raises Rejected for what was not sent or is more than was sent.
    """
    if lines is None:
        return [ReceivedLine(sku=sku, received=quantity) for sku, quantity in sent.items()]
    check_once([line.sku for line in lines])
    for line in lines:
        if line.sku not in sent:
            raise Rejected("sku_not_sent", f"{line.sku} is not on this delivery note")
        if line.received + line.damaged > sent[line.sku]:
            raise Rejected("more_than_sent", f"{line.sku}: {sent[line.sku]} were sent")
    told = {line.sku: line for line in lines}
    return [told.get(sku) or ReceivedLine(sku=sku, received=0) for sku in sent]
