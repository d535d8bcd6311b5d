"""A person chooses, discards, and is the only one who does: whoever comes second finds it settled."""

import asyncio
from typing import Any

import pytest

from shared.contracts.operations import (
    ChooseParked,
    CorrectParked,
    DiscardParked,
    GetParked,
    Parked,
    RedriveAll,
    RedriveParked,
)
from shared.errors import Conflict, Invalid, NotFound, Rejected
from shared.runtime.envelope import new_id
from tests.integration.runtime.desk import ANI, BUDI, Desk, a_sale, acts

WHY = "seen on the paper roll"


async def test_the_parked_one_is_right_and_what_is_recorded_gives_way(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="taken"))
    one = await desk.only()

    done = await desk.ask(ChooseParked(parked_id=one.parked_id, right="parked", reason=WHY))

    assert (done.state, done.resolution) == ("redriven", "handled: the parked one is right")
    assert await desk.entries() == ["overruled"]
    last = (done.history or [])[-1]
    assert (last.act, last.right, last.reason, last.actor, last.outcome) == ("chosen", "parked", WHY, ANI, "handled")


async def test_the_recorded_one_is_right_and_the_parked_one_is_given_up(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="taken"))
    one = await desk.only()

    done = await desk.ask(ChooseParked(parked_id=one.parked_id, right="recorded", reason=WHY))

    assert (done.state, done.resolution) == ("discarded", f"what is recorded is right: {WHY}")
    assert ((done.history or [])[-1].right, acts(done)[-1]) == ("recorded", ("chosen", ANI, "discarded"))
    assert await desk.entries() == []


async def test_a_choice_that_a_rule_still_refuses_leaves_it_parked(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="never"))
    one = await desk.only()

    still = await desk.ask(ChooseParked(parked_id=one.parked_id, right="parked", reason=WHY))

    assert (still.state, still.code, acts(still)[-1]) == ("person", "never", ("chosen", ANI, "never"))


async def test_a_mere_try_overrules_nothing(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="taken"))

    still = await desk.ask(RedriveParked(parked_id=(await desk.only()).parked_id))

    assert (still.code, await desk.entries()) == ("line_changed", [])


async def test_an_id_that_was_used_before_is_let_in_by_a_choice(desk: Desk) -> None:
    await desk.bring(a_sale(1), a_sale(1, receipt="536366"))
    one = await desk.only()
    assert one.code == "event_id_reused"

    done = await desk.ask(ChooseParked(parked_id=one.parked_id, right="parked", reason="the till was reset"))

    assert (done.state, await desk.entries()) == ("redriven", ["BTK-0007", "overruled"])


async def test_a_discard_keeps_who_and_why(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="never"))

    done = await desk.ask(DiscardParked(parked_id=(await desk.only()).parked_id, reason=" a test sale "))

    assert (done.state, done.resolved_by, done.resolution) == ("discarded", ANI, "a test sale")
    assert acts(done) == [("parked", "the runtime", "never"), ("discarded", ANI, "discarded")]


async def test_a_reason_is_needed(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="never"))
    key = (await desk.only()).parked_id

    for kind in (DiscardParked, ChooseParked, CorrectParked):
        told: dict[str, Any] = {"parked_id": key, "right": "recorded", "change": {"id": "1"}}
        with pytest.raises(Invalid) as seen:
            await desk.ask(kind.model_construct(**told | {"reason": "  "}))
        assert "reason" in [fault["field"] for fault in seen.value.errors]


def commands(one: Parked) -> list[Any]:
    key = one.parked_id
    return [
        RedriveParked(parked_id=key),
        CorrectParked(parked_id=key, change={"data": {"unit_price": 5}}, reason=WHY),
        ChooseParked(parked_id=key, right="parked", reason=WHY),
        ChooseParked(parked_id=key, right="recorded", reason=WHY),
        DiscardParked(parked_id=key, reason=WHY),
    ]


@pytest.mark.parametrize("second", range(5))
@pytest.mark.parametrize("first", range(5))
async def test_of_two_who_act_at_once_one_wins_and_the_other_hears_that_it_is_settled(
    desk: Desk, first: int, second: int
) -> None:
    await desk.bring(a_sale(sku="LATER"))
    one = await desk.only()
    await desk.arrived("LATER")

    done = await asyncio.gather(
        desk.ask(commands(one)[first], ANI), desk.ask(commands(one)[second], BUDI), return_exceptions=True
    )

    refused = [answer for answer in done if isinstance(answer, Rejected)]
    assert [error.code for error in refused] == ["parked_settled"]
    assert len([answer for answer in done if isinstance(answer, Parked)]) == 1
    assert len(await desk.entries()) <= 1
    assert len((await desk.only()).history or []) == 2


async def test_all_and_one_at_once_try_it_once(desk: Desk) -> None:
    await desk.bring(*[a_sale(n, sku="LATER") for n in range(10)])
    one = (await desk.parked())[3]
    await desk.arrived("LATER")

    await asyncio.gather(
        desk.ask(RedriveAll(code="sku_unknown")),
        desk.ask(RedriveParked(parked_id=one.parked_id), BUDI),
        desk.wait(seconds=1),
        return_exceptions=True,
    )

    assert await desk.entries() == ["LATER"] * 10


async def test_a_repeated_command_is_done_once_and_answered_alike(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER"))
    key, one = new_id(), await desk.only()
    correction = CorrectParked(parked_id=one.parked_id, change={"data": {"quantity": 2}}, reason=WHY)

    first = await desk.ask(correction, key=key)
    again = await desk.ask(correction, key=key)

    assert again == first
    assert len((await desk.ask(GetParked(parked_id=one.parked_id))).history or []) == 2
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        await desk.ask(correction.model_copy(update={"reason": "something else"}), key=key)


async def test_what_nobody_parked_is_not_found(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER"))
    nobody = (await desk.only()).model_copy(update={"parked_id": new_id()})

    for command in commands(nobody):
        with pytest.raises(NotFound, match="parked_unknown"):
            await desk.ask(command)
