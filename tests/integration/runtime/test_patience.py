"""A parked message waits by itself for as long as its error has patience, then for a person, and says so once."""

from datetime import timedelta

from shared.contracts.operations import RedriveParked
from shared.errors import PATIENCE
from tests.integration.runtime.desk import ANI, SHORT, Desk, a_sale, acts

BY_ITSELF = "the runtime"


async def test_what_does_not_come_in_three_days_needs_a_person(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER"))
    while (await desk.only()).state == "waiting" and desk.at.day < 30:
        await desk.wait(minutes=30)

    one = await desk.only()

    assert (one.state, one.kind, one.code, one.next_try_at) == ("person", "not_yet", "sku_unknown", None)
    assert desk.at - one.parked_at == PATIENCE
    assert acts(one) == [("parked", BY_ITSELF, "sku_unknown"), ("expired", BY_ITSELF, "sku_unknown")]


async def test_a_message_is_announced_when_it_waits_and_when_it_needs_a_person_and_never_again(desk: Desk) -> None:
    await desk.bring(a_sale(sku="SOON"))
    await desk.wait(seconds=1)
    assert await desk.announced() == [("sku_unknown", "waiting")]

    await desk.wait(minutes=10)
    await desk.ask(RedriveParked(parked_id=(await desk.only()).parked_id))

    assert await desk.announced() == [("sku_unknown", "waiting"), ("sku_unknown", "person")]


async def test_the_last_try_is_when_patience_ends_however_long_the_pauses_are(desk: Desk) -> None:
    await desk.bring(a_sale(sku="SOON"))
    for _ in range(4):
        await desk.wait(minutes=2)

    one = await desk.only()
    assert one.next_try_at == one.parked_at + SHORT

    await desk.arrived("SOON")
    await desk.wait(minutes=2)
    assert ((await desk.only()).state, await desk.entries()) == ("redriven", ["SOON"])


async def test_what_a_rule_refuses_needs_a_person_at_once(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="never"))

    assert (await desk.only()).state == "person"
    assert await desk.announced() == [("never", "person")]
    assert await desk.wait(days=4) == 0


async def test_one_that_waits_and_is_then_refused_for_good_is_announced_with_the_new_reason(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER", receipt="never"))
    await desk.arrived("LATER")

    await desk.wait(seconds=1)

    assert await desk.announced() == [("sku_unknown", "waiting"), ("never", "person")]
    assert acts(await desk.only())[1:] == [("redriven", BY_ITSELF, "never")]


async def test_a_bug_is_tried_eight_times_and_then_expires(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="bug"))
    tries = sum([await desk.wait(hours=1) for _ in range(20)])

    one = await desk.only()

    assert (tries, one.state, acts(one)[-1]) == (8, "person", ("expired", BY_ITSELF, "bug"))


async def test_the_vain_tries_of_the_runtime_do_not_fill_the_history_but_those_of_a_person_do(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER"))
    for _ in range(5):
        await desk.wait(hours=1)
    redriven = await desk.ask(RedriveParked(parked_id=(await desk.only()).parked_id))

    assert (redriven.attempts, redriven.state) == (7, "waiting")
    assert acts(redriven) == [("parked", BY_ITSELF, "sku_unknown"), ("redriven", ANI, "sku_unknown")]
    assert redriven.next_try_at == desk.at + timedelta(hours=1)
