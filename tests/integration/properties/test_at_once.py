"""What several replicas do with the same receipt and the same piece at one moment: each waits for the others."""

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from tests.integration.properties import invariants
from tests.integration.properties.lab import START, WHILE, Lab, Replica, Sent
from tests.integration.properties.playing import spell
from tests.integration.properties.telling import Line, Telling
from tests.integration.properties.world import LABELLED, POUCH, SHAWL

REPLICAS, AT = 3, START - timedelta(days=1)
WHERE = ("citos", "till-1")
PLACES = st.sampled_from([WHERE, ("citos", "till-2"), ("pim", "till-1")])
PIECE: dict[str, Any] = {"line": 1, "sku": SHAWL, "quantity": 1, "unit_price": 650_000, "serial": LABELLED}


@st.composite
def receipts(draw: st.DrawFn) -> tuple[list[Sent], list[Sent]]:
    """A receipt whose pieces cost one rupiah more or less, with a piece that has a serial; and what comes of it.

    More may be brought back than was sold, its till may take all of it back, and others say that they sold the piece.
    """
    telling = Telling()
    lines = [
        telling.sell(WHERE, AT, receipt="R", line=2, sku=POUCH, quantity=draw(st.integers(1, 6)), unit_price=349_900),
        telling.sell(WHERE, AT, receipt="R", line=3, sku=SHAWL, quantity=4, unit_price=650_000, discount=3),
        telling.sell(WHERE, AT, receipt="R", **PIECE),
    ]
    before = len(telling.facts)
    for number in range(draw(st.integers(6, 12))):
        at, where = AT + timedelta(minutes=number + 1), draw(PLACES)
        draw(st.sampled_from([a_return, a_return, a_return, a_sale, a_void]))(draw, telling, lines, where, at)
    told = telling.told(closings=False)
    reports = [sent for sent in told if sent.sender]
    return reports[:before], reports[before:]


def a_return(draw: st.DrawFn, telling: Telling, lines: list[Line], where: Any, at: Any) -> None:
    line = draw(st.sampled_from(lines))
    telling.take_back(line, where, at, draw(st.integers(1, min(3, line.sale.quantity))))


def a_sale(draw: st.DrawFn, telling: Telling, lines: list[Line], where: Any, at: Any) -> None:
    telling.sell(where, at, receipt=telling.receipt(), **PIECE)


def a_void(draw: st.DrawFn, telling: Telling, lines: list[Line], where: Any, at: Any) -> None:
    telling.void(lines, at)


async def play(lab: Lab, before: list[Sent], at_once: list[Sent]) -> None:
    async with lab.house() as house:
        for one in before:
            await house.counter.take([one])
        replicas = [Replica(house) for _ in range(REPLICAS)]
        dealt = [at_once[number::REPLICAS] for number in range(REPLICAS)]
        await asyncio.gather(*[_take(replica, reports) for replica, reports in zip(replicas, dealt, strict=True)])
        await invariants.check(house, len(before) + len(at_once))
        await house.wait(WHILE)
        await invariants.check(house, len(before) + len(at_once))
        await invariants.check_replay(house)


async def _take(replica: Replica, reports: list[Sent]) -> None:
    for one in reports:
        await replica.take([one])


@given(receipt=receipts())
def test_whatever_takes_pieces_at_one_moment_takes_each_once(lab: Lab, receipt: tuple[list[Sent], list[Sent]]) -> None:
    note(spell([*receipt[0], *receipt[1]]))
    lab.run(play(lab, *receipt))
