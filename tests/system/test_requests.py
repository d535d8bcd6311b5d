"""Requests over a real broker: done once, answered again, many at once, and told apart."""

import asyncio
from uuid import UUID

import pytest

from shared.contracts.operations import DiscardParked, GetParked, ListParked, RedriveParked
from shared.errors import Conflict, Invalid, NotFound, Rejected
from shared.runtime.envelope import new_id
from shared.runtime.paging import encode_cursor
from tests.system.conftest import Probe
from tests.system.probe.service import Add, GetTotal, counted

ACTOR = "coordinator:tests"


async def test_a_repeated_command_gets_the_first_answer_and_is_done_once(probe: Probe) -> None:
    key = new_id()

    first = await probe.requests.ask(Add(name="good", amount=5), actor=ACTOR, id=key)
    await probe.requests.ask(Add(name="other", amount=1), actor=ACTOR)
    again = await probe.requests.ask(Add(name="good", amount=5), actor=ACTOR, id=key)

    assert again == first
    assert await probe.count("entry") == 2


async def test_five_at_once_with_one_id_are_one_command(probe: Probe) -> None:
    key = new_id()

    replies = await asyncio.gather(
        *[probe.requests.ask(Add(name="good", amount=5), actor=ACTOR, id=key) for _ in range(5)]
    )

    assert len(set(replies)) == 1
    assert await probe.count("entry") == 1
    assert await probe.count("event_log") == 1


async def test_one_id_for_two_commands_is_a_conflict(probe: Probe) -> None:
    key = new_id()
    await probe.requests.ask(Add(name="good", amount=5), actor=ACTOR, id=key)

    with pytest.raises(Conflict) as seen:
        await probe.requests.ask(Add(name="good", amount=6), actor=ACTOR, id=key)

    assert seen.value.code == "idempotency_key_reused"


async def test_a_refusal_is_the_first_answer_too(probe: Probe) -> None:
    key = new_id()
    for _ in range(2):
        with pytest.raises(Rejected):
            await probe.requests.ask(Add(name="rejected", amount=1), actor=ACTOR, id=key)

    assert await probe.count("answered") == 1


async def test_what_was_not_possible_yet_is_possible_later_with_the_same_id(probe: Probe) -> None:
    key = new_id()
    with pytest.raises(Exception, match="not_arrived"):
        await probe.requests.ask(Add(name="later", amount=1), actor=ACTOR, id=key)
    await probe.fetch("INSERT INTO arrived VALUES ('it')")

    reply = await probe.requests.ask(Add(name="later", amount=1), actor=ACTOR, id=key)

    assert reply.entries == 1


async def test_a_hundred_questions_at_once_are_all_answered(probe: Probe) -> None:
    await probe.requests.ask(Add(name="good", amount=7), actor=ACTOR)

    replies = await asyncio.gather(*[probe.requests.ask(GetTotal(), actor=ACTOR) for _ in range(100)])

    assert {reply.amount for reply in replies} == {7}


async def test_an_operator_sees_redrives_and_discards_what_is_parked(probe: Probe) -> None:
    _, body = counted("later", "rejected")
    await probe.publish(body)
    await probe.parked(2)
    page = await probe.requests.ask(ListParked(), actor=ACTOR, to="probe")
    by_code = {item.code: item for item in page.items}
    assert set(by_code) == {"not_arrived", "too_much"}

    await probe.fetch("INSERT INTO arrived VALUES ('it')")
    redrive = RedriveParked(parked_id=by_code["too_much"].parked_id)
    still = await probe.requests.ask(redrive, actor=ACTOR, to="probe")
    discard = DiscardParked(parked_id=by_code["too_much"].parked_id, reason="a test sale")
    gone = await probe.requests.ask(discard, actor=ACTOR, to="probe")

    assert (still.state, still.attempts) == ("person", 2)
    assert (gone.state, gone.resolved_by, gone.resolution) == ("discarded", ACTOR, "a test sale")
    assert gone.event is not None
    with pytest.raises(Rejected):
        await probe.requests.ask(redrive, actor=ACTOR, to="probe")
    await probe.entries(1)


async def test_an_unknown_parked_message_is_not_found(probe: Probe) -> None:
    with pytest.raises(NotFound):
        await probe.requests.ask(GetParked(parked_id=new_id()), actor=ACTOR, to="probe")


@pytest.mark.parametrize("cursor", ["Zm9v", encode_cursor("a", "b"), encode_cursor("infinity", UUID(int=1))])
async def test_a_cursor_of_another_list_is_not_valid(probe: Probe, cursor: str) -> None:
    with pytest.raises(Invalid) as seen:
        await probe.requests.ask(ListParked(cursor=cursor), actor=ACTOR, to="probe")

    assert seen.value.errors[0]["field"] == "cursor"
