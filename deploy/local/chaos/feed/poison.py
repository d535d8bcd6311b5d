"""What tills send beside the truth, each kind with the reason that it has to be parked for."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from deploy.broker.definitions import OUTLETS
from deploy.local.chaos.feed.goods import NOBODYS, PRICES
from deploy.local.chaos.feed.telling import Json, Where, cloud_event
from shared.contracts.outlets import ReturnReported, SaleReported, VoidReported

LARGE = "x" * 300 * 1024
SKU, PRICE = next(iter(PRICES.items()))
RAW = (b"not JSON", b'[{"specversion": "1.0", ', b"[]", b"\xff\xfe\x00", b"[" + b"[" * 500, b"{" + LARGE.encode())
"""Bodies in which nothing can be told apart: they go to the dead."""


@dataclass(slots=True)
class Poisoner:
    """Makes items of every kind in turn. `opened`: the till's sales that were recorded before all this began."""

    where: Where
    random: Random
    opened: Sequence[Json]
    at: datetime
    mark: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def kinds(self) -> Iterator["Kind"]:
        """All of them in a new order, over and over; a recorded sale is contradicted once."""
        lines, pieces = iter(self._of_opening(serial=False)), iter(self._of_opening(serial=True))
        while True:
            against = [*zip(LINES, lines, strict=False), *zip(PIECES, pieces, strict=False)]
            kinds = [*KINDS, *[_against(kind, line) for kind, line in against]]
            yield from self.random.sample(kinds, len(kinds))

    def item(self, kind: "Kind") -> tuple[Json, str]:
        """The item, and the code that it has to be parked with."""
        return kind(self)

    def sale(self, **other: Any) -> Json:
        """That would be booked, but for what is different. It has no number: its till does not count it."""
        outlet, till = self.where
        name = f"{self.mark}-poison-{outlet}-{till}-{next(self.numbers)}"
        facts = {"receipt": name, "line": 1, "sku": SKU, "quantity": 1, "unit_price": PRICE, "sold_at": self.at}
        event = cloud_event(SaleReported(outlet=outlet, till=till, **facts), self.at, name)
        return event | {"data": event["data"] | other}

    def _of_opening(self, serial: bool) -> list[Json]:
        return [event for event in self.opened if ("serial" in event["data"]) is serial]


Kind = Callable[[Poisoner], tuple[Json, str]]
Contradiction = Callable[[Poisoner, Json], tuple[Json, str]]


def nobodys_type(by: Poisoner) -> tuple[Json, str]:
    return by.sale() | {"type": "outlet.GiftReported.v1"}, "unknown_type"


def no_quantity(by: Poisoner) -> tuple[Json, str]:
    return by.sale(quantity=-1), "invalid"


def no_number(by: Poisoner) -> tuple[Json, str]:
    return by.sale(unit_price="700000"), "invalid"


def no_sku(by: Poisoner) -> tuple[Json, str]:
    event = by.sale()
    return event | {"data": {name: value for name, value in event["data"].items() if name != "sku"}}, "invalid"


def a_nul(by: Poisoner) -> tuple[Json, str]:
    return by.sale(receipt="1\x002"), "invalid"


def of_next_week(by: Poisoner) -> tuple[Json, str]:
    return by.sale() | {"time": (by.at + timedelta(days=30)).isoformat()}, "invalid"


def too_large(by: Poisoner) -> tuple[Json, str]:
    """And not right either: what is only large is tolerated."""
    return by.sale(quantity=0, note=LARGE), "invalid"


def of_another_outlet(by: Poisoner) -> tuple[Json, str]:
    others = [outlet for outlet in OUTLETS if outlet != by.where[0]]
    return by.sale(outlet=by.random.choice(others)), "outlet_mismatch"


def nobodys_product(by: Poisoner) -> tuple[Json, str]:
    return by.sale(sku=NOBODYS), "sku_unknown"


def too_great_a_discount(by: Poisoner) -> tuple[Json, str]:
    return by.sale(discount=PRICE + 1), "discount_exceeds_price"


def sold_tomorrow(by: Poisoner) -> tuple[Json, str]:
    return by.sale(sold_at=(by.at + timedelta(days=30)).isoformat()), "sold_in_the_future"


def of_no_sale(by: Poisoner) -> tuple[Json, str]:
    return _returned(by, original_receipt=f"{by.mark}-never", original_line=1), "sale_not_recorded"


def of_any_sale(by: Poisoner) -> tuple[Json, str]:
    return _returned(by), "return_without_original"


def of_no_receipt(by: Poisoner) -> tuple[Json, str]:
    name = by.sale()["id"]
    void = VoidReported(outlet=by.where[0], till=by.where[1], receipt=f"never-{name}", voided_at=by.at)
    return cloud_event(void, by.at, name), "receipt_not_recorded"


KINDS: tuple[Kind, ...] = (
    nobodys_type,
    no_quantity,
    no_number,
    no_sku,
    a_nul,
    of_next_week,
    too_large,
    of_another_outlet,
    nobodys_product,
    too_great_a_discount,
    sold_tomorrow,
    of_no_sale,
    of_any_sale,
    of_no_receipt,
)


def same_id(_: Poisoner, line: Json) -> tuple[Json, str]:
    """What was recorded under this id says another price."""
    return line | {"data": line["data"] | {"unit_price": PRICE + 1}}, "event_id_reused"


def same_line(by: Poisoner, line: Json) -> tuple[Json, str]:
    return by.sale(**line["data"] | {"quantity": 9}), "receipt_line_changed"


def same_piece(by: Poisoner, line: Json) -> tuple[Json, str]:
    """The buyer has it still."""
    names = ("sku", "serial", "unit_price")
    return by.sale(**{name: line["data"][name] for name in names}), "serial_already_sold"


LINES: tuple[Contradiction, ...] = (same_id, same_line)
PIECES: tuple[Contradiction, ...] = (same_piece,)


def raw(number: int) -> bytes:
    """Bodies for the dead, each of them another one."""
    return RAW[number % len(RAW)] if number < len(RAW) else b"not JSON, number %d" % number


def too_many(by: Poisoner) -> bytes:
    """501 sales in one body are not read at all."""
    return json.dumps([by.sale()] * 501).encode()


def _against(contradicts: Contradiction, line: Json) -> Kind:
    return lambda by: contradicts(by, line)


def _returned(by: Poisoner, **named: Any) -> Json:
    name = by.sale()["id"]
    facts = {"receipt": name, "line": 1, "sku": SKU, "quantity": 1, "returned_at": by.at}
    report = ReturnReported(outlet=by.where[0], till=by.where[1], **(facts | named))
    return cloud_event(report, by.at, name)
