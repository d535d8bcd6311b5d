"""Feeds as Hypothesis makes them up: stories of receipts and of pieces with a serial. None contradicts itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from shared.contracts.outlets import ReturnReported, SaleReported, VoidReported
from tests.integration.properties.lab import START, Sent
from tests.integration.properties.telling import Line, Telling, Where
from tests.integration.properties.world import (
    LATE,
    LIST_PRICES,
    MIDNIGHT,
    NOBODYS,
    OUTLETS,
    PROMOTIONS,
    SHAWL,
    SKUS,
    TILLS,
)

Draw = st.DrawFn
Story = Callable[[Draw, Telling], None]
PLACES = st.tuples(st.sampled_from(OUTLETS), st.sampled_from(TILLS))
UNBOOKED = "till-9"
"""The till that reports what cannot be booked."""

BOUNDARY = st.sampled_from([timedelta(seconds=seconds) for seconds in (-30, -1, 0, 1)]).map(lambda by: MIDNIGHT + by)
ANY_TIME = st.integers(1, 3 * 24 * 60).map(lambda minutes: MIDNIGHT + timedelta(minutes=minutes - 2 * 24 * 60))
MOMENTS = ANY_TIME | BOUNDARY
PRICES = st.sampled_from(LIST_PRICES) | st.integers(1_000, 800_000)


@st.composite
def feeds(draw: Draw, most: int = 8, unbookable: bool = True) -> list[Sent]:
    """What happened, in order. `unbookable`: with reports that no rule lets in, whenever they come."""
    stories: list[Story] = [a_receipt, a_receipt, an_exchange, a_piece]
    if unbookable:
        stories += [something_unbookable]
    telling = Telling()
    for story in draw(st.lists(st.sampled_from(stories), min_size=1, max_size=most)):
        story(draw, telling)
    return telling.told()


@st.composite
def feeds_of_pieces(draw: Draw) -> list[Sent]:
    """Nothing but pieces with a serial, which are sold, brought back and sold again."""
    telling = Telling()
    for _ in range(draw(st.integers(3, 8))):
        a_piece(draw, telling)
    return telling.told()


def a_receipt(draw: Draw, telling: Telling) -> None:
    """One to three lines. Afterwards nothing, or pieces come back, or its till takes the whole of it back."""
    where, at, receipt = draw(PLACES), draw(MOMENTS), telling.receipt()
    lines = [a_line(draw, telling, where, at, receipt, line) for line in range(1, draw(st.integers(1, 3)) + 1)]
    end = draw(st.sampled_from(["sold", "returned", "voided"]))
    if end == "voided":
        telling.void(lines, later(draw, at))
    elif end == "returned":
        for line in lines:
            some_back(draw, telling, line)


def a_line(draw: Draw, telling: Telling, where: Where, at: datetime, receipt: str, line: int) -> Line:
    quantity, price = draw(st.integers(1, 3) | st.integers(1, 40)), draw(PRICES)
    discount = draw(st.just(0) | st.integers(0, min(quantity * price, 90_000)))
    return telling.sell(
        where,
        at,
        receipt=receipt,
        line=line,
        sku=draw(st.sampled_from([*SKUS, LATE])),
        quantity=quantity,
        unit_price=price,
        discount=discount,
        promo_id=draw(st.none() | st.sampled_from(PROMOTIONS)),
    )


def some_back(draw: Draw, telling: Telling, line: Line) -> None:
    """Up to three returns, anywhere. Of unlike pieces only one: which piece comes back depends on what came before."""
    left = line.sale.quantity
    for _ in range(draw(st.integers(1, 3 if line.alike else 1))):
        quantity = draw(st.integers(1, left))
        where = draw(st.just((line.sale.outlet, line.sale.till)) | PLACES)
        at = later(draw, line.sale.sold_at)
        back = telling.take_back(line, where, at, quantity)
        if draw(st.booleans()):
            telling.void_back(back, later(draw, at))
        left -= quantity
        if not left:
            return


def an_exchange(draw: Draw, telling: Telling) -> None:
    """A piece comes back, and another is sold for it on the same receipt; or so it was thought."""
    where, at, name = draw(PLACES), draw(MOMENTS), telling.receipt()
    line = a_line(draw, telling, where, at, telling.receipt(), 1)
    back = later(draw, at)
    brought = telling.take_back(line, where, back, 1, receipt=name, line=1, exchange=name)
    price = draw(PRICES)
    taken = telling.sell(
        where, back, receipt=name, line=2, sku=draw(st.sampled_from(SKUS)), quantity=1, unit_price=price, exchange=name
    )
    if draw(st.booleans()):
        telling.void_back(brought, later(draw, back), taken)


def a_piece(draw: Draw, telling: Telling) -> None:
    """With a serial: sold, alone or beside something else, brought back somewhere, sold there, and so on.

    Ours have a label that is told of. An outlet's own serial says nothing elsewhere, so it is sold there again.
    """
    number, ours = telling.receipt(), draw(st.booleans())
    serial = f"290000{number}0" if ours else f"OWN-{number}"
    telling.labels += [serial] if ours else []
    times, where, at = draw(st.integers(1, 3)), draw(PLACES), draw(MOMENTS)
    home = where[0]
    for time in range(1, times + 1):
        where = where if ours else (home, where[1])
        facts = {"receipt": telling.receipt(), "line": 1, "sku": SHAWL, "serial": serial}
        line = telling.sell(where, at, quantity=1, unit_price=draw(PRICES), **facts)
        beside = [a_line(draw, telling, where, at, line.sale.receipt, 2)] if draw(st.booleans()) else []
        if time == times and draw(st.booleans()):
            return
        at = later(draw, at)
        where = comes_back(draw, telling, [line, *beside], at, time == 1, time == times)
        at = later(draw, at)


def comes_back(draw: Draw, telling: Telling, receipt: list[Line], at: datetime, first: bool, last: bool) -> Where:
    """Where the piece is then, the first of its receipt. One that was sold once may come back by its serial alone."""
    line = receipt[0]
    if draw(st.booleans()):
        telling.void(receipt, at)
        return line.sale.outlet, line.sale.till
    where = draw(PLACES)
    names = ("original_receipt", "original_line", "original_till")
    by_serial = dict.fromkeys(names) if first and last and draw(st.booleans()) else {}
    back = telling.take_back(line, where, at, 1, serial=line.sale.serial, **by_serial)
    if last and draw(st.booleans()):
        telling.void_back(back, later(draw, at), instead(draw, telling, where, at, back.told.receipt))
    return where


def instead(draw: Draw, telling: Telling, where: Where, at: datetime, receipt: str) -> Line | None:
    """Something else that was sold on the receipt of a return."""
    if draw(st.booleans()):
        return None
    return telling.sell(where, at, receipt=receipt, line=2, sku=SHAWL, quantity=1, unit_price=draw(PRICES))


def something_unbookable(draw: Draw, telling: Telling) -> None:
    """A product or an outlet that nobody knows, a time to come, a return or a void of nothing, a blind return."""
    at, receipt, kind = draw(MOMENTS), telling.receipt(), draw(st.sampled_from(UNBOOKABLE))
    telling.add(at, kind(at, receipt))


def later(draw: Draw, at: datetime) -> datetime:
    return at + timedelta(minutes=draw(st.sampled_from([1, 7, 60]) | st.integers(6, 5 * 60)))


def _sale(at: datetime, receipt: str, **other: Any) -> SaleReported:
    facts = {"outlet": "citos", "till": UNBOOKED, "sku": SHAWL, "quantity": 1, "unit_price": 700_000, "sold_at": at}
    return SaleReported(**({"receipt": receipt, "line": 1} | facts | other))


def _return(at: datetime, receipt: str, **other: Any) -> ReturnReported:
    facts = {"outlet": "citos", "till": UNBOOKED, "sku": SHAWL, "quantity": 1, "returned_at": at, "line": 1}
    return ReturnReported(**({"receipt": receipt} | facts | other))


UNBOOKABLE: list[Callable[[datetime, str], Any]] = [
    lambda at, receipt: _sale(at, receipt, sku=NOBODYS),
    lambda at, receipt: _sale(at, receipt, outlet="nowhere"),
    lambda at, receipt: _sale(START + timedelta(hours=9), receipt),
    lambda at, receipt: _sale(at, receipt, discount=700_001),
    lambda at, receipt: _sale(at, receipt, serial="2999999999999"),
    lambda at, receipt: _return(at, receipt, original_receipt=f"never-{receipt}", original_line=1),
    lambda at, receipt: _return(at, receipt, serial=f"never-{receipt}"),
    _return,
    lambda at, receipt: VoidReported(outlet="citos", till=UNBOOKED, receipt=f"never-{receipt}", voided_at=at),
]
