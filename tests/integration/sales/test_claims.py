"""What did not arrive whole stays open until somebody says what became of it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.sales.handlers import claims, deliveries
from services.sales.views.claims import list_claims
from services.sales.views.deliveries import get_delivery
from shared.contracts.sales import StockDeficitCleared
from shared.contracts.sales.goods import (
    Claim,
    ClaimOpened,
    ClaimSettled,
    Delivery,
    GetDelivery,
    ListClaims,
    RecallStock,
    ReceiveDelivery,
    ReceivedLine,
    SettleClaim,
    Settlement,
)
from shared.db import Pool
from shared.errors import KaryaError
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    check_stock,
    deliver,
    do,
    report,
    send,
)
from tests.integration.sales.goods import (
    FIRST,
    SECOND,
    THIRD,
    label,
    on_hand,
    open_two,
    place_of,
    receive,
    refusal,
    send_pieces,
    some,
    transfer,
)


async def open_claim(pool: Pool, missing: int = 3, damaged: int = 0) -> tuple[Delivery, Claim]:
    """Of ten shawls sent to Citos some are missing or damaged; the first claim."""
    sent = await send(pool, {SHAWL: 10})
    line = ReceivedLine(sku=SHAWL, received=10 - missing - damaged, damaged=damaged)
    return await receive(pool, sent, line), (await listed(pool))[-1]


async def listed(pool: Pool, **asked: Any) -> list[Claim]:
    return (await do(pool, list_claims, ListClaims(**asked))).items


async def settle(pool: Pool, claim: Claim, resolution: str, **told: Any) -> Claim:
    command = SettleClaim.model_validate({"claim_id": claim.claim_id, "resolution": resolution} | told)
    settled, _ = await do(pool, claims.settle_claim, command)
    return settled


async def state_of(pool: Pool, delivery: Delivery) -> str:
    return (await do(pool, get_delivery, GetDelivery(delivery_id=delivery.delivery_id))).state


async def test_a_receipt_that_is_not_what_was_sent_opens_claims(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    sent = await send(pool, {SHAWL: 10, POUCH: 2})
    told = ReceiveDelivery(delivery_id=sent.delivery_id, lines=[ReceivedLine(sku=SHAWL, received=7, damaged=1)])
    _, events = await do(pool, deliveries.receive_delivery, told)
    opened = [event for event in events if isinstance(event, ClaimOpened)]
    assert [(one.sku, one.kind, one.quantity) for one in opened] == [
        (SHAWL, "missing", 2),
        (SHAWL, "damaged", 1),
        (POUCH, "missing", 2),
    ]
    assert {(one.number, one.outlet, one.responsible) for one in opened} == {(sent.number, "citos", "programme")}
    found = await listed(pool)
    assert [claim.claim_id for claim in reversed(found)] == [one.claim_id for one in opened]
    assert all((claim.state, claim.left, claim.settlements) == ("open", claim.quantity, []) for claim in found)


async def test_whoever_sent_the_pieces_is_responsible_for_them(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await receive(pool, await transfer(pool, some(4)), ReceivedLine(sku=SHAWL, received=3))
    recalled, _ = await do(pool, deliveries.recall_stock, RecallStock(outlet="citos", lines=some(1), reason="worn out"))
    await receive(pool, recalled, ReceivedLine(sku=SHAWL, received=0, damaged=1))
    found = await listed(pool)
    assert [(one.outlet, one.responsible, one.kind) for one in found] == [
        (None, "citos", "damaged"),
        ("pim", "citos", "missing"),
    ]
    assert await listed(pool, outlet="citos") == found
    assert await listed(pool, outlet="pim") == found[1:]


async def test_found_pieces_are_put_on_the_shelf(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    delivery, claim = await open_claim(pool)
    told = SettleClaim(claim_id=claim.claim_id, resolution="found", quantity=2, note="behind the counter")
    partly, events = await do(pool, claims.settle_claim, told)
    assert (partly.state, partly.left, await state_of(pool, delivery)) == ("open", 1, "partial")
    assert [event for event in events if isinstance(event, ClaimSettled)] == [
        ClaimSettled(
            claim_id=claim.claim_id,
            delivery_id=delivery.delivery_id,
            outlet="citos",
            sku=SHAWL,
            kind="missing",
            resolution="found",
            quantity=2,
            serials=[],
            left=1,
            settled_at=NOON,
        )
    ]
    assert await on_hand(pool) == 9
    settled = await settle(pool, claim, "lost")
    assert (settled.state, settled.left, await state_of(pool, delivery)) == ("settled", 0, "resolved")
    assert settled.settlements == [
        Settlement(
            resolution="found", quantity=2, serials=[], note="behind the counter", settled_at=NOON, settled_by=""
        ),
        Settlement(resolution="lost", quantity=1, serials=[], note=None, settled_at=NOON, settled_by=""),
    ]
    assert await listed(pool, state="settled") == [settled]
    assert await listed(pool, state="open") == []
    assert await on_hand(pool) == 9
    assert await check_stock(pool) == 1


@pytest.mark.parametrize("resolution", ["lost", "written-off", "returned-to-maker"])
async def test_what_does_not_come_back_moves_no_stock(database: Database, resolution: str) -> None:
    pool = await database("sales")
    await open_two(pool)
    _, claim = await open_claim(pool)
    assert (await settle(pool, claim, resolution)).state == "settled"
    assert await on_hand(pool) == 7


async def test_a_delivery_is_resolved_with_its_last_claim(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    delivery, _ = await open_claim(pool, missing=1, damaged=1)
    broken, gone = await listed(pool)
    await settle(pool, broken, "repaired")
    assert await state_of(pool, delivery) == "partial"
    await settle(pool, gone, "written-off")
    assert await state_of(pool, delivery) == "resolved"
    assert await on_hand(pool) == 9


async def test_two_last_claims_that_are_settled_at_once_resolve_the_delivery(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    delivery, _ = await open_claim(pool, missing=1, damaged=1)
    broken, gone = await listed(pool)
    await asyncio.gather(settle(pool, broken, "lost"), settle(pool, gone, "lost"))
    assert await state_of(pool, delivery) == "resolved"


async def test_a_piece_is_found_once_even_by_two_at_the_same_time(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    _, claim = await open_claim(pool)
    results = await asyncio.gather(*[settle(pool, claim, "found") for _ in range(3)], return_exceptions=True)
    assert [one.code for one in results if isinstance(one, KaryaError)] == ["already_settled"] * 2
    assert await on_hand(pool) == 10


@pytest.mark.parametrize(
    ("resolution", "told", "code"),
    [
        ("repaired", {}, "resolution_impossible"),
        ("found", {"quantity": 4}, "more_than_claimed"),
        ("found", {"serials": [FIRST]}, "serial_not_claimed"),
    ],
)
async def test_what_cannot_have_become_of_it_is_refused(
    database: Database, resolution: str, told: dict[str, Any], code: str
) -> None:
    pool = await database("sales")
    await open_two(pool)
    _, claim = await open_claim(pool)
    command = SettleClaim.model_validate({"claim_id": claim.claim_id, "resolution": resolution} | told)
    assert (await refusal(pool, claims.settle_claim, command)).code == code
    assert await on_hand(pool) == 7


async def test_a_claim_that_is_not_there_is_not_settled(database: Database) -> None:
    pool = await database("sales")
    told = SettleClaim(claim_id=uuid4(), resolution="found")
    assert (await refusal(pool, claims.settle_claim, told)).code == "claim_unknown"


async def test_named_pieces_are_settled_by_name(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND, THIRD)
    await receive(pool, await send_pieces(pool, FIRST, SECOND, THIRD), ReceivedLine(sku=SHAWL, received=0))
    claim = (await listed(pool))[0]
    assert claim.serials == [FIRST, SECOND, THIRD]
    which = SettleClaim(claim_id=claim.claim_id, resolution="found", quantity=1)
    assert (await refusal(pool, claims.settle_claim, which)).code == "serials_differ"
    await settle(pool, claim, "found", serials=[SECOND])
    again = SettleClaim(claim_id=claim.claim_id, resolution="found", serials=[SECOND])
    assert (await refusal(pool, claims.settle_claim, again)).code == "serial_not_claimed"
    await settle(pool, claim, "returned-to-maker", serials=[FIRST])
    settled = await settle(pool, claim, "lost")
    assert [(one.resolution, one.serials) for one in settled.settlements] == [
        ("found", [SECOND]),
        ("returned-to-maker", [FIRST]),
        ("lost", [THIRD]),
    ]
    assert [await place_of(pool, serial) for serial in (FIRST, SECOND, THIRD)] == [
        ("with-maker", None),
        ("at-outlet", "citos"),
        ("missing", "citos"),
    ]
    assert await on_hand(pool) == 1


async def test_a_missing_piece_that_a_till_sold_is_found_and_stays_sold(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST)
    await receive(pool, await send_pieces(pool, FIRST), ReceivedLine(sku=SHAWL, received=0))
    await report(pool, a_sale(serial=FIRST))
    assert (await place_of(pool), await on_hand(pool)) == (("sold", "citos"), -1)
    found = SettleClaim(claim_id=(await listed(pool))[0].claim_id, resolution="found")
    _, events = await do(pool, claims.settle_claim, found)
    assert StockDeficitCleared(outlet="citos", sku=SHAWL) in events
    assert (await place_of(pool), await on_hand(pool)) == (("sold", "citos"), 0)
