"""What coordinators, outlets and the other services do meanwhile."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shared.contracts.catalog import PriceChanged, PromotionEnded, UnitsLabelled
from shared.contracts.message import Event, Request
from shared.contracts.operations import (
    ChooseParked,
    CorrectParked,
    DiscardParked,
    ListParked,
    RedriveAll,
    RedriveParked,
)
from shared.contracts.sales import VoidSale
from shared.contracts.sales.settlement import ApprovePayout, FreezePayout, RecordPaid
from shared.errors import Bug, KaryaError, Unavailable
from tests.integration.properties.tills_machine import OURS, Tills
from tests.integration.properties.world import LATE, OUTLETS, PROMOTIONS, SHAWL, SKUS, TUTI, a_maker, a_product, own
from tests.integration.sales.builders import paid_at_once

BUDI = "coordinator:budi"
WHY = "it is so"
RIGHT = st.sampled_from(["parked", "recorded"])


class People(Tills):
    """Refusals are part of life; a fault of ours is none."""

    def ask(self, request: Request[Any], actor: str = BUDI) -> Any:
        """The answer; None when a rule says no."""
        try:
            return self.lab.run(self.house.ask(request, actor))
        except (Bug, Unavailable):
            raise
        except KaryaError:
            return None

    def hear(self, *events: Event) -> None:
        self.lab.run(self.house.hear(*[own(event, self.lab.at) for event in events]))

    def ids(self, sql: str) -> list[UUID]:
        return [row[0] for row in self.lab.run(self.house.fetch(sql))]

    @rule(late=st.sampled_from(["maker", "product", "both"]))
    def the_late_product_is_approved(self, late: str) -> None:
        events = {"maker": a_maker(TUTI), "product": a_product(LATE, {TUTI: 1}, 210_000)}
        self.hear(*[event for name, event in events.items() if late in (name, "both")])

    @rule(serials=st.lists(st.sampled_from(OURS), min_size=1, unique=True))
    def labels_are_made(self, serials: list[str]) -> None:
        self.hear(UnitsLabelled(sku=SHAWL, serials=sorted(serials)))

    @rule(sku=st.sampled_from(SKUS), price=st.sampled_from([1_000, 500_000]), ago=st.integers(-1, 3))
    def a_price_changes(self, sku: str, price: int, ago: int) -> None:
        self.hear(PriceChanged(sku=sku, price=price, valid_from=self.lab.at - timedelta(days=ago)))

    @rule(promo_id=st.sampled_from(PROMOTIONS), ago=st.integers(0, 3))
    def a_promotion_ends(self, promo_id: str, ago: int) -> None:
        self.hear(PromotionEnded(promo_id=promo_id, ends_at=self.lab.at - timedelta(days=ago)))

    @rule(code=st.sampled_from(OUTLETS), ahead=st.integers(-5, 5), bps=st.sampled_from([0, 3_333, 9_000]))
    def terms_are_agreed(self, code: str, ahead: int, bps: int) -> None:
        since = (self.lab.at + timedelta(days=ahead)).date()
        self.ask(paid_at_once(code=code, valid_from=since, outlet_bps=bps, programme_bps=1_000))

    @rule(data=st.data())
    def a_sale_is_taken_back(self, data: st.DataObject) -> None:
        sales = self.ids("SELECT sale_id FROM sale ORDER BY no")
        if sales:
            self.ask(VoidSale(sale_id=data.draw(st.sampled_from(sales)), reason=WHY))

    @rule(data=st.data(), act=st.sampled_from(["parked", "parked", "recorded", "redrive", "discard", "correct"]))
    def somebody_sees_to_a_parked_report(self, data: st.DataObject, act: str) -> None:
        page = self.ask(ListParked(limit=500))
        if not page.items:
            return
        # The ids of parked reports are random now and then; their order is not.
        one = data.draw(st.integers(0, len(page.items) - 1))
        self.ask(_decision(page.items[one].parked_id, act))

    @rule(code=st.sampled_from(["serial_already_sold", "sku_unknown", "sale_voided", "sale_not_recorded"]))
    def all_of_a_reason_are_tried_again(self, code: str) -> None:
        self.ask(RedriveAll(code=code))

    @rule(then=st.sampled_from(["frozen", "approved", "paid"]))
    def makers_are_paid(self, then: str) -> None:
        frozen = self.ask(FreezePayout(cooperative="kop-pulogebang"))
        if frozen is None or then == "frozen":
            return
        for actor in ("finance:wati", BUDI):
            self.ask(ApprovePayout(payout_id=frozen.payout_id), actor)
        if then == "paid":
            self.ask(RecordPaid(payout_id=frozen.payout_id))


def _decision(parked_id: UUID, act: str) -> Request[Any]:
    if act in {"parked", "recorded"}:
        return ChooseParked(parked_id=parked_id, right=act, reason=WHY)
    if act == "redrive":
        return RedriveParked(parked_id=parked_id)
    if act == "correct":
        return CorrectParked(parked_id=parked_id, change={"data": {"sku": SHAWL, "serial": None}}, reason=WHY)
    return DiscardParked(parked_id=parked_id, reason=WHY)
