"""Pieces that a till sells where they do not lie: somebody looks for them; they are where they were if it was wrong."""

from datetime import timedelta
from typing import Any

from services.sales.handlers import deliveries
from services.sales.handlers.claims import settle_claim
from services.sales.handlers.voids import void_sale
from services.sales.views.pieces import get_piece_place
from shared.contracts.sales import DispatchDelivery, VoidSale
from shared.contracts.sales.goods import (
    CancelDelivery,
    Delivery,
    GetPiecePlace,
    RecallStock,
    ReceiveDelivery,
    ReceivedLine,
    SettleClaim,
)
from shared.contracts.sales.tills import FindingOpened
from shared.db import Pool
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import NOON, SHAWL, Database, a_sale, a_void, check_stock, do, report, told
from tests.integration.sales.goods import (
    FIRST,
    SECOND,
    label,
    on_hand,
    open_two,
    pieces,
    place_of,
    receive,
    refusal,
    send_pieces,
    transfer,
)

SALE = named_id("sale", "citos", "till-1", "536365", 1)


async def at_pim(pool: Pool) -> None:
    """A piece that lies at PIM."""
    await open_two(pool)
    await label(pool, FIRST)
    await receive(pool, await send_pieces(pool, FIRST, outlet="pim"))


async def under_way_to_pim(pool: Pool) -> Delivery:
    """Two pieces that lay at Citos and are on their way from there."""
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    await receive(pool, await send_pieces(pool, FIRST, SECOND))
    return await transfer(pool, pieces(FIRST, SECOND))


async def undo(pool: Pool, by: str) -> None:
    """The sale at Citos was none."""
    if by == "a person":
        await do(pool, void_sale, VoidSale(sale_id=SALE, reason="the wrong serial was typed"))
    else:
        await report(pool, a_void())


async def look_for(pool: Pool, **sold: Any) -> list[str]:
    """The pieces that somebody has to look for after this sale."""
    outcomes = await report(pool, a_sale(serial=FIRST, **sold))
    return [one.concerns for one in told(outcomes, FindingOpened) if one.kind == "piece-elsewhere"]


async def test_a_piece_that_is_sold_where_it_was_sent_from_is_looked_for(database: Database) -> None:
    pool = await database("sales")
    await under_way_to_pim(pool)
    assert await look_for(pool) == [FIRST]
    assert await place_of(pool) == ("sold", "citos")


async def test_who_looks_for_a_piece_is_told_where(database: Database) -> None:
    pool = await database("sales")
    await under_way_to_pim(pool)
    (elsewhere,) = told(await report(pool, a_sale(serial=FIRST)), FindingOpened)
    assert elsewhere.detail["was"] == {"state": "in-transit", "outlet": "pim"}
    (conflict,) = told(await report(pool, a_sale(outlet="pim", serial=FIRST)), FindingOpened)
    sold_at = a_sale().sold_at.isoformat()
    assert (conflict.kind, conflict.detail["recorded"]) == ("serial-conflict", {"outlet": "citos", "sold_at": sold_at})


async def test_a_piece_that_is_sold_where_it_is_sent_to_is_just_quicker_than_its_receipt(database: Database) -> None:
    pool = await database("sales")
    await under_way_to_pim(pool)
    assert await look_for(pool, outlet="pim") == []


async def test_a_piece_that_is_on_its_way_to_its_maker_or_with_her_is_looked_for(database: Database) -> None:
    for arrives in (False, True):
        pool = await database("sales")
        await at_pim(pool)
        recall = RecallStock(outlet="pim", lines=pieces(FIRST), reason="worn out")
        sent, _ = await do(pool, deliveries.recall_stock, recall)
        if arrives:
            await receive(pool, sent)
        assert await look_for(pool, outlet="pim") == [FIRST]


async def test_a_sale_of_a_piece_that_lay_elsewhere_and_was_none_leaves_it_there(database: Database) -> None:
    pool = await database("sales")
    await at_pim(pool)
    assert await look_for(pool) == [FIRST]
    await undo(pool, "a person")
    assert await place_of(pool) == ("at-outlet", "pim")
    assert (await on_hand(pool), await on_hand(pool, "pim")) == (0, 1)
    await transfer(pool, pieces(FIRST), from_outlet="pim", outlet="citos")
    assert await check_stock(pool) == 2


async def test_a_till_that_voids_its_sale_has_the_piece_in_its_hand(database: Database) -> None:
    pool = await database("sales")
    await at_pim(pool)
    assert await look_for(pool) == [FIRST]
    await undo(pool, "its till")
    assert await place_of(pool) == ("at-outlet", "citos")


async def test_what_arrives_of_a_piece_that_is_sold_by_mistake_is_not_forgotten(database: Database) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    await look_for(pool)
    await receive(pool, sent, ReceivedLine(sku=SHAWL, received=1, damaged=1, serials=[SECOND], damaged_serials=[FIRST]))
    assert await place_of(pool) == ("sold", "citos")
    await undo(pool, "a person")
    assert await place_of(pool) == ("damaged", "pim")


async def test_a_dispatch_that_was_called_off_brings_back_a_piece_that_was_sold_by_mistake(database: Database) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    await look_for(pool)
    await do(pool, deliveries.cancel_delivery, CancelDelivery(delivery_id=sent.delivery_id, reason="it never left"))
    assert await place_of(pool) == ("sold", "citos")
    assert await on_hand(pool) == 1
    await undo(pool, "its till")
    assert await place_of(pool) == ("at-outlet", "citos")
    assert await on_hand(pool) == 2


async def test_a_piece_that_was_sold_and_voided_before_its_receipt_has_arrived(database: Database) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    await report(pool, a_sale(outlet="pim", serial=FIRST))
    await report(pool, a_void(outlet="pim"))
    assert await place_of(pool) == ("at-outlet", "pim")
    await receive(pool, sent)
    assert await place_of(pool) == ("at-outlet", "pim")
    assert await on_hand(pool, "pim") == 2


async def test_what_was_sold_where_it_was_sent_cannot_be_called_back(database: Database) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    await report(pool, a_sale(outlet="pim", serial=FIRST, sold_at=NOON + timedelta(seconds=1)))
    told_off = CancelDelivery(delivery_id=sent.delivery_id, reason="the van broke down")
    refused = await refusal(pool, deliveries.cancel_delivery, told_off)
    assert (refused.code, refused.status, FIRST in refused.detail) == ("piece_arrived", 409, True)
    assert (await on_hand(pool), await on_hand(pool, "pim")) == (0, -1)
    await receive(pool, sent)
    assert await on_hand(pool, "pim") == 1


async def test_what_a_till_has_sold_there_cannot_be_missing_in_the_receipt(database: Database) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    await report(pool, a_sale(outlet="pim", serial=FIRST))
    told = ReceivedLine(sku=SHAWL, received=1, serials=[SECOND])
    receipt = ReceiveDelivery(delivery_id=sent.delivery_id, lines=[told])
    refused = await refusal(pool, deliveries.receive_delivery, receipt)
    assert (refused.code, FIRST in refused.detail, SECOND in refused.detail) == ("piece_arrived", True, False)
    await receive(pool, sent, ReceivedLine(sku=SHAWL, received=1, damaged=1, serials=[FIRST], damaged_serials=[SECOND]))
    assert await place_of(pool) == ("sold", "pim")
    assert await on_hand(pool, "pim") == 0


async def test_a_piece_that_was_missing_and_is_sold_is_looked_for_so_that_its_claim_is_settled(
    database: Database,
) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    await receive(pool, sent, ReceivedLine(sku=SHAWL, received=1, serials=[SECOND]))
    assert await look_for(pool, outlet="pim") == [FIRST]
    assert await on_hand(pool, "pim") == 0
    found = SettleClaim(claim_id=named_id("claim", sent.delivery_id, SHAWL, "missing"), resolution="found")
    await do(pool, settle_claim, found)
    assert (await place_of(pool), await on_hand(pool, "pim")) == (("sold", "pim"), 1)


async def test_anybody_who_looks_for_a_piece_is_shown_its_one_place(database: Database) -> None:
    pool = await database("sales")
    sent = await under_way_to_pim(pool)
    found = await do(pool, get_piece_place, GetPiecePlace(serial=FIRST))
    assert (found.state, found.outlet, found.delivery_id, found.sale_id) == (
        "in-transit",
        "pim",
        sent.delivery_id,
        None,
    )
    await report(pool, a_sale(serial=FIRST), a_sale(line=2, serial="A-1"))
    found = await do(pool, get_piece_place, GetPiecePlace(serial=FIRST))
    assert (found.state, found.outlet, found.delivery_id, found.sale_id) == ("sold", "citos", None, SALE)
    own = await do(pool, get_piece_place, GetPiecePlace(serial="A-1", outlet="citos"))
    assert (own.serial, own.state, own.outlet) == ("A-1", "sold", "citos")
    for unknown in (GetPiecePlace(serial="A-1"), GetPiecePlace(serial="A-1", outlet="pim")):
        assert (await refusal(pool, get_piece_place, unknown)).code == "piece_unknown"


async def test_a_piece_is_sent_from_where_it_really_lies(database: Database) -> None:
    pool = await database("sales")
    await at_pim(pool)
    wrong = DispatchDelivery(outlet="citos", lines=pieces(FIRST))
    assert (await refusal(pool, deliveries.dispatch_delivery, wrong)).code == "serial_elsewhere"
