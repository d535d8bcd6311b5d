"""What moves between the programme's room, the outlets and the makers, and what is counted there."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shared.contracts.sales.goods import (
    ApproveStockCount,
    CancelDelivery,
    CountedLine,
    CountStock,
    DeliveryLine,
    DispatchDelivery,
    RecallStock,
    ReceiveDelivery,
    ReceivedLine,
    ReleaseReservation,
    ReserveStock,
    SettleClaim,
    TransferStock,
)
from tests.integration.properties.people_machine import WHY, People
from tests.integration.properties.tills_machine import AGO, SERIALS
from tests.integration.properties.world import OUTLETS, POUCH, SHAWL

PLACE = st.sampled_from(OUTLETS)
PIECES = st.integers(1, 6)
NAMED = st.lists(st.sampled_from(SERIALS), max_size=2, unique=True)
FATE = st.sampled_from(["found", "repaired", "returned-to-maker", "lost", "written-off"])


def lines(quantity: int, serials: list[str]) -> list[DeliveryLine]:
    """Shawls, with their serials or without, and pouches."""
    shawls = DeliveryLine(sku=SHAWL, quantity=len(serials) or quantity, serials=serials)
    return [shawls, DeliveryLine(sku=POUCH, quantity=quantity)]


class Goods(People):
    """Everything that a house can do."""

    @rule(outlet=PLACE, quantity=PIECES, serials=NAMED)
    def something_is_sent(self, outlet: str, quantity: int, serials: list[str]) -> None:
        self.ask(DispatchDelivery(outlet=outlet, lines=lines(quantity, serials)))

    @rule(origin=PLACE, outlet=PLACE, quantity=PIECES, serials=NAMED)
    def something_is_sent_on(self, origin: str, outlet: str, quantity: int, serials: list[str]) -> None:
        self.ask(TransferStock(from_outlet=origin, outlet=outlet, lines=lines(quantity, serials)))

    @rule(outlet=PLACE, quantity=PIECES, serials=NAMED)
    def something_is_called_back(self, outlet: str, quantity: int, serials: list[str]) -> None:
        self.ask(RecallStock(outlet=outlet, lines=lines(quantity, serials), reason=WHY))

    @rule(data=st.data(), whole=st.booleans(), received=st.integers(0, 3), damaged=st.integers(0, 2))
    def it_arrives(self, data: st.DataObject, whole: bool, received: int, damaged: int) -> None:
        sent = self.ids("SELECT delivery_id FROM delivery ORDER BY no")
        if sent:
            told = [ReceivedLine(sku=sku, received=received, damaged=damaged) for sku in (SHAWL, POUCH)]
            delivery_id = data.draw(st.sampled_from(sent))
            self.ask(ReceiveDelivery(delivery_id=delivery_id, lines=None if whole else told))

    @rule(data=st.data())
    def it_turns_round(self, data: st.DataObject) -> None:
        sent = self.ids("SELECT delivery_id FROM delivery ORDER BY no")
        if sent:
            self.ask(CancelDelivery(delivery_id=data.draw(st.sampled_from(sent)), reason=WHY))

    @rule(data=st.data(), resolution=FATE, quantity=st.none() | st.integers(1, 3))
    def a_claim_is_settled(self, data: st.DataObject, resolution: Any, quantity: int | None) -> None:
        claims = self.ids("SELECT claim_id FROM claim ORDER BY no")
        if claims:
            claim_id = data.draw(st.sampled_from(claims))
            self.ask(SettleClaim(claim_id=claim_id, resolution=resolution, quantity=quantity))

    @rule(code=PLACE, ago=AGO, counted=st.integers(0, 8), approved=st.booleans())
    def a_shelf_is_counted(self, code: str, ago: timedelta, counted: int, approved: bool) -> None:
        told = [CountedLine(sku=sku, counted=counted) for sku in (SHAWL, POUCH)]
        count = self.ask(CountStock(code=code, counted_at=self.lab.at - ago, lines=told))
        if count and approved:
            self.ask(ApproveStockCount(count_id=count.count_id))

    @rule(code=PLACE, quantity=st.integers(1, 3))
    def pieces_are_held(self, code: str, quantity: int) -> None:
        self.ask(ReserveStock(code=code, sku=SHAWL, quantity=quantity, client="A client"))

    @rule(data=st.data())
    def pieces_are_let_go(self, data: st.DataObject) -> None:
        held = self.ids("SELECT reservation_id FROM reservation ORDER BY no")
        if held:
            self.ask(ReleaseReservation(reservation_id=data.draw(st.sampled_from(held))))
