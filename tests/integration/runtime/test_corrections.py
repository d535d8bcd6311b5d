"""A person corrects what a message says, and it is tried at once; nothing is changed unless all of it is valid."""

from typing import Any

import pytest

from shared.contracts.catalog import PriceChanged
from shared.contracts.operations import ChooseParked, CorrectParked, Parked, RedriveParked
from shared.errors import Invalid
from shared.runtime.decode import Unreadable, content_id
from shared.runtime.delivery import Delivery
from shared.runtime.envelope import Arrival
from shared.runtime.guard import own_outlet_only
from tests.integration.runtime.desk import ANI, Desk, a_sale, acts
from tests.unit.runtime.test_decode import encoded


async def correct(desk: Desk, change: dict[str, Any]) -> Parked:
    one = await desk.only("open")
    return await desk.ask(CorrectParked(parked_id=one.parked_id, change=change, reason="the till's paper roll says so"))


async def test_what_could_not_be_read_is_corrected_and_booked(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1))

    done = await correct(desk, {"data": {"quantity": 1}})

    assert (done.state, done.resolution, done.resolved_by) == ("redriven", "handled", ANI)
    assert done.event is not None
    assert done.event["data"]["quantity"] == 1
    assert await desk.entries() == ["BTK-0007"]


async def test_the_history_keeps_the_change_its_reason_and_what_was_before(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1, sku="LATER"))

    await correct(desk, {"data": {"quantity": 2}})
    done = await correct(desk, {"data": {"sku": "BTK-0007", "promo_id": None}})

    assert acts(done) == [
        ("parked", "the runtime", "invalid"),
        ("corrected", ANI, "sku_unknown"),
        ("corrected", ANI, "handled"),
    ]
    first, last = (done.history or [])[1:]
    assert first.before is not None
    assert first.before["data"]["quantity"] == -1
    assert (last.change, last.reason) == (
        {"data": {"sku": "BTK-0007", "promo_id": None}},
        "the till's paper roll says so",
    )
    assert last.before is not None
    assert (last.before["data"]["quantity"], last.before["data"]["sku"]) == (2, "LATER")


async def test_something_that_was_no_event_at_all_becomes_one(desk: Desk) -> None:
    await desk.bring(42)

    done = await correct(desk, a_sale())

    assert (done.state, done.type, await desk.entries()) == ("redriven", "outlet.SaleReported.v1", ["BTK-0007"])


async def test_what_is_still_not_valid_names_the_fields_and_changes_nothing(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1, unit_price=-5))
    before = await desk.only()

    with pytest.raises(Invalid) as seen:
        await correct(desk, {"data": {"quantity": 1, "sold_at": "yesterday"}})

    assert [fault["field"] for fault in seen.value.errors] == ["data.unit_price", "data.sold_at"]
    assert await desk.only() == before


@pytest.mark.parametrize("change", [{"data": {"quantity": -1}}, {"data": {"serial": None}}])
async def test_a_change_that_changes_nothing_is_refused(desk: Desk, change: dict[str, Any]) -> None:
    await desk.bring(a_sale(quantity=-1))

    with pytest.raises(Invalid, match="leaves the message as it is"):
        await correct(desk, change)


@pytest.mark.parametrize("field", ["id", "source"])
async def test_what_can_be_read_keeps_its_name(desk: Desk, field: str) -> None:
    await desk.bring(a_sale(sku="LATER"))

    with pytest.raises(Invalid) as seen:
        await correct(desk, {field: "another", "data": {"sku": "BTK-0007"}})

    assert [fault["field"] for fault in seen.value.errors] == [field]
    assert await desk.entries() == []


async def test_what_cannot_be_read_may_be_given_a_name(desk: Desk) -> None:
    await desk.bring(a_sale() | {"id": ""})

    assert (await correct(desk, {"id": "536365-1"})).state == "redriven"


async def test_what_was_corrected_and_still_waits_keeps_its_name_too(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1, sku="LATER"))
    await correct(desk, {"data": {"quantity": 1}})

    with pytest.raises(Invalid, match="id: stays as it is"):
        await correct(desk, {"id": "another"})


async def test_the_wrong_message_sent_again_has_no_effect_after_its_correction(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1))
    await correct(desk, {"data": {"quantity": 1}})

    await desk.bring(a_sale(quantity=-1), arrival=Arrival(8))
    await desk.bring(a_sale(quantity=1), arrival=Arrival(9))

    assert await desk.entries() == ["BTK-0007"]
    assert await desk.parked() == []
    assert await desk.pool.fetchval("SELECT sum(n) FROM tally WHERE outcome = 'duplicate'") == 2


async def test_a_correction_into_what_has_come_meanwhile_is_a_duplicate(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1), a_sale())

    done = await correct(desk, {"data": {"quantity": 1}})

    assert (done.state, done.resolution, acts(done)[-1][2]) == ("redriven", "duplicate", "duplicate")
    assert await desk.entries() == ["BTK-0007"]
    assert await desk.pool.fetchval("SELECT sum(n) FROM tally WHERE outcome = 'duplicate'") == 1


async def test_a_correction_that_differs_from_what_has_come_meanwhile_stays_for_a_person(desk: Desk) -> None:
    await desk.bring(a_sale(quantity=-1), a_sale())

    done = await correct(desk, {"data": {"quantity": 2}})

    assert (done.state, done.code) == ("person", "event_id_reused")
    assert await desk.entries() == ["BTK-0007"]


async def bring_from(desk: Desk, sender: str, item: dict[str, Any]) -> None:
    """As the till of that outlet would send it."""
    body = encoded(item)
    batch = desk.stores[0].decoder.decode(body, desk.at, Arrival(7))
    await desk.stores[0].store(desk.pool, own_outlet_only(batch, Delivery(body, False, sender)))


async def test_a_report_of_another_outlet_says_who_sent_it_and_is_not_let_in_by_a_mere_try(desk: Desk) -> None:
    await bring_from(desk, "pim", a_sale())
    one = await desk.only()
    assert (one.code, one.detail) == ("outlet_mismatch", "not the outlet that sent it, pim")

    again = await desk.ask(RedriveParked(parked_id=one.parked_id))
    noted = await correct(desk, {"data": {"till_seq": 7}})

    assert {again.code, noted.code} == {"outlet_mismatch"}
    assert await desk.entries() == []


async def test_a_person_may_say_whose_report_it_is_and_that_is_written_down(desk: Desk) -> None:
    await bring_from(desk, "pim", a_sale())

    done = await correct(desk, {"data": {"outlet": "pim"}})

    assert (done.state, done.subject, acts(done)[-1]) == (
        "redriven",
        "pim/till-1/536365/1",
        ("corrected", ANI, "handled"),
    )
    assert (done.history or [])[-1].change == {"data": {"outlet": "pim"}}


async def test_a_person_may_say_that_it_is_right_as_it_stands(desk: Desk) -> None:
    await bring_from(desk, "pim", a_sale())
    one = await desk.only()

    done = await desk.ask(ChooseParked(parked_id=one.parked_id, right="parked", reason="they share a till"))

    assert (done.state, await desk.entries()) == ("redriven", ["overruled"])


async def test_a_report_that_becomes_another_outlets_goes_through_that_outlets_inbox(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER"), a_sale(outlet="pim"))

    done = await correct(desk, {"data": {"outlet": "pim", "sku": "BTK-0007"}})

    assert (done.state, done.resolution) == ("redriven", "duplicate")
    assert await desk.entries() == ["BTK-0007"]


async def test_what_an_outlet_sends_is_never_read_as_what_the_house_says(desk: Desk) -> None:
    price = PriceChanged(sku="BTK-0007", price=1, valid_from=desk.at).model_dump(mode="json")
    forged = a_sale() | {"id": "0193a1b2-6c1e-7b5a-8f7e-2b1d9c0a4e11", "type": PriceChanged.wire, "data": price}
    await desk.bring(forged)

    again = await desk.ask(RedriveParked(parked_id=(await desk.only()).parked_id))
    with pytest.raises(Invalid, match="type: not one of outlet"):
        await correct(desk, {"source": "/services/catalog"})

    assert (again.state, again.code) == ("person", "unknown_type")
    assert await desk.entries() == []


async def test_what_the_house_says_can_be_corrected_too(desk: Desk) -> None:
    price = PriceChanged(sku="BTK-0007", price=1, valid_from=desk.at).model_dump(mode="json") | {"price": "many"}
    item = a_sale() | {"id": "0193a1b2-6c1e-7b5a-8f7e-2b1d9c0a4e11", "type": PriceChanged.wire, "data": price}
    broken = desk.stores[1].decoder.decode(encoded(item), desk.at)
    assert [type(one) for one in broken.unreadable] == [Unreadable]
    assert broken.unreadable[0].id == content_id(item)
    await desk.stores[1].store(desk.pool, broken)

    assert (await correct(desk, {"data": {"price": 700_000}})).state == "redriven"
    assert await desk.entries() == ["price"]
