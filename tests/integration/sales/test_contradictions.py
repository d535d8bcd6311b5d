"""Whoever has to say which of two is right sees what is recorded beside what is parked."""

from datetime import timedelta
from typing import Any

from services.sales.handlers.voids import void_sale
from shared.contracts.sales import SaleVoided, VoidSale
from shared.errors import Conflict
from shared.runtime.envelope import named_id
from shared.runtime.handler import Outcome, Refused
from tests.integration.sales.builders import NOON, Database, a_return, a_sale, a_void, do, open_shop, report
from tests.integration.sales.watching import a_closing, close


def candidates(outcomes: list[Outcome]) -> list[Any]:
    """What the only refusal shows."""
    (refused,) = [one for one in outcomes if isinstance(one, Refused)]
    assert isinstance(refused.error, Conflict)
    return refused.error.candidates


async def test_the_recorded_sale_return_and_void_are_shown(database: Database) -> None:
    """Their times as a till writes them."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_sale(line=2), a_return())
    (sale,) = candidates(await report(pool, a_sale(unit_price=70_000)))
    assert (sale["quantity"], sale["unit_price"], sale["sold_at"]) == (2, 700_000, "2026-11-21T11:00:00+07:00")
    (back,) = candidates(await report(pool, a_return(quantity=2)))
    assert (back["quantity"], back["returned_at"], back["original_receipt"]) == (
        1,
        "2026-11-21T12:00:00+07:00",
        "536365",
    )
    await report(pool, a_void())
    (void,) = candidates(await report(pool, a_void(voided_at=NOON - timedelta(minutes=1))))
    assert void == {"voided_at": "2026-11-21T12:00:00+07:00"}


async def test_the_recorded_closing_is_shown(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await close(pool, a_closing(events=3, total=5))
    (closing,) = candidates(await close(pool, a_closing(events=4, total=6)))
    assert closing == {"events": 3, "total": 5, "first_seq": None, "last_seq": None}


async def test_what_a_person_wrote_of_a_sale_is_in_no_event(database: Database) -> None:
    """It may name somebody; the books keep it."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    command = VoidSale(sale_id=named_id("sale", "citos", "till-1", "536365", 1), reason="Ibu Ani rang: told twice")
    _, events = await do(pool, void_sale, command)
    (event,) = [event for event in events if isinstance(event, SaleVoided)]
    assert (event.kind, event.reason) == ("person", None)
    assert await pool.fetchval("SELECT reason FROM sale_void") == command.reason
