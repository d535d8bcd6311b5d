"""Scenario 26. The certificate button pressed 5 times at once, or a worker that dies when it has committed.

One number for each maker and one message, either way.
"""

import asyncio
from pathlib import Path
from uuid import uuid4

import httpx
import pypdfium2
import pytest

from tests.system.scenarios.classroom import Classroom, a_classroom
from tests.system.scenarios.hearing import listening
from tests.system.scenarios.troubles import all_ready, dies_after_commit
from tests.system.scenarios.world import World


@pytest.mark.parametrize("once", [None, "one-key"])
async def test_however_often_it_is_pressed_there_is_one_number_and_one_message(world: World, once: str | None) -> None:
    classroom, maker = await a_held_class(world)
    key = once and f"{once}-{uuid4()}"

    async with listening(world.endpoints.amqp_url("karya"), "training.#") as ear:
        answers = await world.coordinator.press(f"{classroom.path}/completion", 5, key)
        [told] = await ear.hears("CertificateIssued", maker_id=maker)

    numbers = {number(answer) for answer in answers if answer.is_success}
    assert numbers == {told["number"]}
    refused = [answer.json()["code"] for answer in answers if not answer.is_success]
    assert refused == ([] if once else ["already_completed"] * 4)
    await has_one(world, classroom, maker, told["number"])


async def test_a_worker_that_dies_when_it_has_committed_changes_nothing(world: World, tmp_path: Path) -> None:
    classroom, maker = await a_held_class(world)

    async with dies_after_commit(world.system, "training", tmp_path):
        done = await world.coordinator.insist(f"{classroom.path}/completion")
    await asyncio.wait_for(all_ready(world.system), 30)

    [certificate] = done["certificates"]
    assert certificate["maker_id"] == maker
    again = await world.coordinator.refused(f"{classroom.path}/completion")
    assert again["code"] == "already_completed"
    await has_one(world, classroom, maker, certificate["number"])


async def a_held_class(world: World) -> tuple[Classroom, str]:
    """Ready to be completed, with one maker in it."""
    classroom, maker = await a_classroom(world), await world.maker()
    await classroom.enrol(maker)
    await classroom.mark(1, others="present")
    await classroom.hold(1, 300)
    return classroom, maker


def number(answer: httpx.Response) -> str:
    [certificate] = answer.json()["certificates"]
    return str(certificate["number"])


async def has_one(world: World, classroom: Classroom, maker: str, number: str) -> None:
    """This certificate, no other, and one message of it."""
    assert [one["certificate"] for one in (await classroom.see())["enrolments"]] == [number]
    assert (await world.coordinator.get(f"/v1/certificates/{number}"))["state"] == "valid"
    paper = pypdfium2.PdfDocument(await world.coordinator.file(f"/v1/certificates/{number}/certificate.pdf"))
    assert f"/verify/{number}" in paper[0].get_textpage().get_text_range()
    await world.books.told(maker, "certificate-issued", 1)
