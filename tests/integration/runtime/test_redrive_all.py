"""All messages of one reason are tried at once; one bad one does not keep the others back."""

from shared.contracts.operations import RedriveAll, SummariseReasons
from tests.integration.runtime.desk import ANI, Desk, a_sale, acts


async def test_all_of_one_reason_pass_when_it_is_put_right(desk: Desk) -> None:
    await desk.bring(*[a_sale(n, sku="LATER") for n in range(20)], a_sale(99, sku="OTHER"))
    await desk.arrived("LATER")

    done = await desk.ask(RedriveAll(code="sku_unknown"))

    assert done.model_dump() == {"tried": 21, "passed": 20, "still_parked": 1, "left": 0}
    assert await desk.entries() == ["LATER"] * 20
    assert [acts(one)[1:] for one in await desk.parked("redriven")] == [[("redriven", ANI, "handled")]] * 20


async def test_one_that_fails_in_the_middle_is_found_and_the_others_pass(desk: Desk) -> None:
    await desk.bring(*[a_sale(n, sku="LATER", receipt="bug" if n == 7 else f"{n}") for n in range(12)])
    await desk.arrived("LATER")

    done = await desk.ask(RedriveAll(code="sku_unknown"))

    assert (done.passed, done.still_parked) == (11, 1)
    assert [one.code for one in await desk.parked()] == ["bug"]


async def test_those_of_another_reason_are_left_alone(desk: Desk) -> None:
    await desk.bring(a_sale(1, receipt="never"), a_sale(2, sku="LATER"))

    done = await desk.ask(RedriveAll(code="never"))

    assert (done.tried, done.left) == (1, 0)
    assert {one.code: one.attempts for one in await desk.parked()} == {"never": 2, "sku_unknown": 1}


async def test_a_limit_leaves_some_and_the_next_call_begins_with_those(desk: Desk) -> None:
    await desk.bring(*[a_sale(n, sku="LATER") for n in range(5)])
    first = await desk.ask(RedriveAll(code="sku_unknown", limit=3))
    await desk.wait(seconds=0.1)
    await desk.ask(RedriveAll(code="sku_unknown", limit=2))

    assert (first.tried, first.still_parked, first.left) == (3, 3, 2)
    assert [one.attempts for one in await desk.parked()] == [2] * 5


async def test_reasons_are_counted_and_said_in_plain_words(desk: Desk) -> None:
    assert (await desk.ask(SummariseReasons())).items == []
    await desk.bring(a_sale(1, sku="LATER"), a_sale(2, sku="SOON"), a_sale(3, receipt="taken"), a_sale(4, quantity=0))
    await desk.wait(minutes=11)

    found = (await desk.ask(SummariseReasons())).items

    assert [(one.code, one.count, one.waiting, one.person) for one in found] == [
        ("sku_unknown", 2, 1, 1),
        ("invalid", 1, 0, 1),
        ("line_changed", 1, 0, 1),
    ]
    assert (found[0].means, found[0].remedy) == ("Nobody has approved the product.", "Approve it.")
    assert "correction" in found[1].remedy
    assert "choice" in found[2].remedy
    assert found[0].oldest == (await desk.parked())[0].parked_at
    listed = {one.code: one.means for one in await desk.parked()}
    assert listed == {one.code: one.means for one in found}
