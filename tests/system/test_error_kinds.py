"""Every kind of error, on real servers: the neighbours in the batch, what is parked, what the caller saw."""

import pytest

from shared.errors import Bug, Conflict, Invalid, KaryaError, NotFound, NotYet, Rejected, Unavailable
from tests.system.conftest import Probe, until
from tests.system.probe.service import Add, GetTotal, counted

ACTOR = "coordinator:tests"


@pytest.mark.parametrize(
    ("name", "kind", "code", "state"),
    [
        ("rejected", "rejected", "too_much", "person"),
        ("missing", "not_found", "not_there", "person"),
        ("conflict", "conflict", "other_facts", "person"),
        ("later", "not_yet", "not_arrived", "waiting"),
        ("bug", "bug", "bug", "waiting"),
    ],
)
async def test_the_guilty_event_is_parked_and_its_neighbours_are_handled(
    probe: Probe, name: str, kind: str, code: str, state: str
) -> None:
    ids, body = counted(*["good"] * 7, name, *["good"] * 12)
    await probe.publish(body)

    parked = await probe.parked(1)
    await probe.entries(19)

    assert parked[0]["event_id"] == ids[7]
    assert (parked[0]["kind"], parked[0]["code"], parked[0]["state"]) == (kind, code, state)
    assert parked[0]["envelope"]["data"]["name"] == name
    assert "secret" not in parked[0]["detail"]
    assert await probe.count("event_log") == 19
    assert await probe.dead() == 0


async def test_an_unreadable_item_is_parked_and_its_neighbours_are_handled(probe: Probe) -> None:
    _, body = counted("good", "good", "good")
    broken = body.replace(b'"amount":1}', b'"amount":"many"}', 1)
    await probe.publish(broken)

    parked = await probe.parked(1)
    await probe.entries(2)

    assert (parked[0]["kind"], parked[0]["state"]) == ("invalid", "person")
    assert parked[0]["detail"].startswith("data.amount: Input should be a valid integer")
    assert "many" not in parked[0]["detail"]


async def test_a_body_that_nobody_can_read_goes_to_the_dead_and_blocks_nothing(probe: Probe) -> None:
    await probe.publish(b"not json")
    await probe.publish(b"[]")
    await probe.publish(b"[" + b"1," * 600 + b"1]")
    _, body = counted("good")
    await probe.publish(body)

    await probe.entries(1)

    async def three_dead() -> bool:
        return await probe.dead() == 3

    await until(three_dead, "three dead letters")
    assert await probe.count("parked") == 0


async def test_an_event_that_waits_is_tried_again_by_itself_until_it_passes(probe: Probe) -> None:
    _, body = counted("later")
    await probe.publish(body)
    await probe.parked(1)

    await probe.fetch("INSERT INTO arrived VALUES ('it')")

    await probe.entries(1)
    row = (await probe.parked(1))[0]
    assert (row["state"], row["resolution"], row["next_try_at"]) == ("redriven", "handled", None)
    assert row["attempts"] >= 2
    assert await probe.count("event_log") == 1


async def test_a_server_that_is_away_holds_the_delivery_and_is_never_counted(probe: Probe) -> None:
    _, body = counted("good", "away", "good")
    await probe.publish(body)
    await probe.fetch("SELECT pg_sleep(1)")
    assert await probe.count("entry") == 0

    await probe.fetch("INSERT INTO arrived VALUES ('it')")

    await probe.entries(3)
    assert await probe.count("parked") == 0
    assert await probe.dead() == 0


async def test_the_same_event_has_its_effect_once(probe: Probe) -> None:
    _, body = counted("good", "good")
    for _ in range(5):
        await probe.publish(body)
    _, last = counted("last")
    await probe.publish(last)

    await probe.entries(3)
    assert await probe.count("event_log") == 3


@pytest.mark.parametrize(
    ("name", "kind", "code", "status"),
    [
        ("rejected", Rejected, "too_much", 409),
        ("missing", NotFound, "not_there", 404),
        ("conflict", Conflict, "other_facts", 409),
        ("later", NotYet, "not_arrived", 409),
        ("away", Unavailable, "away", 503),
        ("bug", Bug, "bug", 500),
    ],
)
async def test_a_caller_sees_the_kind_and_nothing_has_happened(
    probe: Probe, name: str, kind: type[KaryaError], code: str, status: int
) -> None:
    with pytest.raises(kind) as seen:
        await probe.requests.ask(Add(name=name, amount=1), actor=ACTOR)

    assert (seen.value.code, seen.value.status) == (code, status)
    assert "secret" not in str(seen.value)
    assert await probe.count("entry") == 0
    assert await probe.count("event_log") == 0


async def test_a_request_that_cannot_be_read_names_the_field(probe: Probe) -> None:
    wrong = Add(name="good", amount=1).model_copy(update={"amount": "many"})

    with pytest.raises(Invalid) as seen:
        await probe.requests.ask(wrong, actor=ACTOR)

    assert [fault["field"] for fault in seen.value.errors] == ["amount"]


async def test_a_service_that_is_not_there_is_unavailable_at_once(probe: Probe) -> None:
    with pytest.raises(Unavailable):
        await probe.requests.ask(GetTotal(), actor=ACTOR, to="nobody", timeout=2)


async def test_a_text_that_cannot_be_stored_names_the_field(probe: Probe) -> None:
    with pytest.raises(Invalid) as seen:
        await probe.requests.ask(Add(name="go\x00od", amount=1), actor=ACTOR)

    assert seen.value.errors == [{"field": "name", "reason": "holds a NUL character"}]
