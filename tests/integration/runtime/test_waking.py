"""What was waited for wakes those that wait for it, in the transaction that records it."""

import pytest

from shared.contracts.operations import DiscardParked, RedriveParked
from shared.db import Row
from shared.runtime import parked
from tests.integration.runtime.desk import Desk, a_sale, acts

BACK = {"type": "outlet.ReturnReported.v1"}


def a_return(number: int, **data: object) -> dict[str, object]:
    return a_sale(number, returned_at="2026-11-21T11:00:00+07:00", **data) | BACK


async def woken(desk: Desk, code: str, **what: list[str]) -> int:
    async with desk.pool.acquire() as tx, tx.transaction():
        return await parked.wake(tx, code, desk.at, **what)


async def test_a_sale_wakes_the_return_of_its_piece_and_no_other(desk: Desk) -> None:
    await desk.bring(a_return(1, serial="P-1"), a_return(2, serial="P-2"), a_return(3))
    await desk.wait(hours=1)

    await desk.bring(a_sale(4, serial="P-1"))

    by_serial = {(one.event or {})["data"]["serial"]: one for one in await desk.parked()}
    mine, *others = [by_serial[serial] for serial in ("P-1", "P-2", None)]
    assert (mine.next_try_at, mine.attempts, acts(mine)[-1]) == (desk.at, 2, ("woken", "the runtime", "serial_unknown"))
    assert all(one.next_try_at and one.next_try_at > desk.at for one in others)
    assert await desk.wait() == 1


async def test_by_subject_and_only_for_that_reason(desk: Desk) -> None:
    await desk.bring(a_sale(1, sku="LATER"), a_sale(2, sku="LATER", line=2))

    assert await woken(desk, "sku_unknown", subjects=["citos/till-1/536365/2", "pim/till-1/1/1"]) == 1
    assert await woken(desk, "serial_unknown", subjects=["citos/till-1/536365/2"]) == 0
    assert await woken(desk, "sku_unknown") == 0


async def test_one_that_needs_a_person_is_tried_by_itself_again_and_not_announced_again(desk: Desk) -> None:
    await desk.bring(a_sale(receipt="taken", serial="P-1"))
    assert await woken(desk, "line_changed", serials=["P-1"]) == 1
    assert (await desk.only()).state == "waiting"

    await desk.wait()

    one = await desk.only()
    assert (one.state, one.attempts) == ("person", 2)
    assert await desk.announced() == [("line_changed", "person")]


async def test_what_is_settled_is_not_woken(desk: Desk) -> None:
    await desk.bring(a_sale(sku="LATER", serial="P-1"))
    await desk.ask(DiscardParked(parked_id=(await desk.only()).parked_id, reason="a test sale"))

    assert await woken(desk, "sku_unknown", serials=["P-1"]) == 0


async def test_one_that_is_being_tried_is_passed_over_and_nobody_waits(desk: Desk) -> None:
    await desk.bring(a_sale(1, sku="LATER", serial="P-1"), a_sale(2, sku="LATER", serial="P-1"))
    async with desk.pool.acquire() as other, other.transaction():
        await other.fetchrow("SELECT 1 FROM parked ORDER BY id LIMIT 1 FOR UPDATE")

        assert await woken(desk, "sku_unknown", serials=["P-1"]) == 1


async def test_what_is_woken_during_its_own_try_stays_due(desk: Desk) -> None:
    await desk.bring(a_return(1, serial="P-1"), a_sale(2, serial="P-1", sku="LATER"))
    await desk.wait(hours=1)
    await desk.arrived("LATER")

    # The return is tried in the same round as the sale that wakes it, and too early for it.
    desk.stores[0].handlers = dict(reversed(list(desk.stores[0].handlers.items())))
    await desk.wait(hours=1)

    one = await desk.only("open")
    assert (one.code, one.state, one.next_try_at) == ("serial_unknown", "waiting", desk.at)


async def test_a_try_after_waking_counts_as_any_other(desk: Desk) -> None:
    await desk.bring(a_return(1, serial="P-1"))
    await woken(desk, "serial_unknown", serials=["P-1"])

    again = await desk.ask(RedriveParked(parked_id=(await desk.only()).parked_id))

    assert (again.attempts, again.next_try_at is not None and again.next_try_at > desk.at) == (2, True)


async def test_a_serial_that_no_contract_allows_is_no_reason_not_to_park(desk: Desk) -> None:
    await desk.bring(a_sale(1, serial="P" * 100_000), a_sale(2, serial={"odd": ["\x00"]}), a_sale(3, serial=7))

    assert [one.code for one in await desk.parked()] == ["invalid"] * 3


@pytest.mark.parametrize("what", ["serials", "subjects"])
async def test_among_many_parked_ones_an_index_finds_them(desk: Desk, what: str) -> None:
    await desk.bring(a_sale(1, sku="LATER", serial="P-1"))
    await desk.fetch(
        """
        INSERT INTO parked (id, event_id, type, subject, envelope, kind, code, detail, state, next_try_at)
        SELECT gen_random_uuid(), gen_random_uuid(), type, subject || n,
               jsonb_build_object('data', jsonb_build_object('serial', 'P-' || n + 1)), kind, code, detail, state, now()
        FROM parked, generate_series(1, 20000) n
        """
    )
    await desk.fetch("ANALYZE parked")
    sought = {"serials": ["P-1"], "subjects": ["citos/till-1/536365/1"]}[what]

    plan = await _plan(desk, what, sought)

    assert f"parked_{what.removesuffix('s')}" in plan
    assert "Seq Scan" not in plan
    assert await woken(desk, "sku_unknown", **{what: sought}) == 1


async def _plan(desk: Desk, what: str, sought: list[str]) -> str:
    given: dict[str, list[str]] = {"serials": [], "subjects": []} | {what: sought}
    rows: list[Row] = await desk.fetch(
        """
        EXPLAIN SELECT id FROM parked
        WHERE code = $1 AND state IN ('waiting', 'person') AND (serial = ANY($2::text[]) OR subject = ANY($3::text[]))
        """,
        "sku_unknown",
        given["serials"],
        given["subjects"],
    )
    return "\n".join([row[0] for row in rows])
