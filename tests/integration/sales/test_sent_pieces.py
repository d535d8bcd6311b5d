"""Pieces with a serial on a delivery note: each is in one place, whoever is quicker."""

import pytest

from services.sales.handlers import deliveries
from services.sales.views.deliveries import get_delivery
from shared.contracts.sales.goods import (
    CancelDelivery,
    DeliveryLine,
    DispatchDelivery,
    GetDelivery,
    RecallStock,
    ReceiveDelivery,
    ReceivedLine,
    TransferStock,
)
from tests.integration.sales.builders import POUCH, SHAWL, Database, a_sale, do, report
from tests.integration.sales.goods import (
    FIRST,
    SECOND,
    THIRD,
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


async def test_a_piece_is_followed_from_label_to_outlet_to_outlet_to_maker(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST)
    places = [await place_of(pool)]
    sent = await send_pieces(pool, FIRST)
    places.append(await place_of(pool))
    await receive(pool, sent)
    places.append(await place_of(pool))
    moved = await transfer(pool, pieces(FIRST))
    places.append(await place_of(pool))
    await receive(pool, moved)
    places.append(await place_of(pool))
    back, _ = await do(pool, deliveries.recall_stock, RecallStock(outlet="pim", lines=pieces(FIRST), reason="worn out"))
    places.append(await place_of(pool))
    await receive(pool, back)
    places.append(await place_of(pool))
    again = await send_pieces(pool, FIRST, outlet="pim")
    places.append(await place_of(pool))
    assert places == [
        ("labelled", None),
        ("in-transit", "citos"),
        ("at-outlet", "citos"),
        ("in-transit", "pim"),
        ("at-outlet", "pim"),
        ("in-transit", None),
        ("with-maker", None),
        ("in-transit", "pim"),
    ]
    assert again.lines == pieces(FIRST)


async def test_missing_and_damaged_pieces_are_known_by_name(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND, THIRD)
    sent = await send_pieces(pool, FIRST, SECOND, THIRD)
    told = ReceivedLine(sku=SHAWL, received=1, damaged=1, serials=[SECOND], damaged_serials=[THIRD])
    received = await receive(pool, sent, told)
    assert received.received == [told]
    assert [await place_of(pool, serial) for serial in (FIRST, SECOND, THIRD)] == [
        ("missing", "citos"),
        ("at-outlet", "citos"),
        ("damaged", "citos"),
    ]
    assert await do(pool, get_delivery, GetDelivery(delivery_id=sent.delivery_id)) == received


@pytest.mark.parametrize(
    ("lines", "code", "named"),
    [
        ([DeliveryLine(sku=SHAWL, quantity=2, serials=[FIRST])], "serials_differ", SHAWL),
        (pieces(FIRST, FIRST), "serial_repeated", FIRST),
        (pieces("2900000009998"), "serial_unknown", "2900000009998"),
        (pieces(FIRST, sku=POUCH), "serial_of_other_sku", FIRST),
        (pieces(SECOND), "serial_elsewhere", SECOND),
    ],
)
async def test_only_pieces_that_are_there_are_sent(
    database: Database, lines: list[DeliveryLine], code: str, named: str
) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    await receive(pool, await send_pieces(pool, SECOND))
    refused = await refusal(pool, deliveries.dispatch_delivery, DispatchDelivery(outlet="pim", lines=lines))
    assert (refused.code, refused.status) == (code, 409)
    assert named in refused.detail


async def test_an_outlet_sends_only_pieces_of_its_own_shelf(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    await receive(pool, await send_pieces(pool, FIRST))
    await receive(pool, await send_pieces(pool, SECOND, outlet="pim"))
    told = TransferStock(from_outlet="citos", outlet="pim", lines=pieces(SECOND))
    refused = await refusal(pool, deliveries.transfer_stock, told)
    assert (refused.code, SECOND in refused.detail) == ("serial_elsewhere", True)


async def test_a_piece_that_a_till_sold_before_it_was_received_stays_sold(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    sent = await send_pieces(pool, FIRST, SECOND)
    await report(pool, a_sale(serial=FIRST))
    assert await on_hand(pool) == -1
    await receive(pool, sent)
    assert await place_of(pool) == ("sold", "citos")
    assert await place_of(pool, SECOND) == ("at-outlet", "citos")
    assert await on_hand(pool) == 1


async def test_a_piece_that_was_called_back_is_what_it_was(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    await receive(pool, await send_pieces(pool, SECOND))
    for sent, serial, was in (
        (await send_pieces(pool, FIRST), FIRST, ("labelled", None)),
        (await transfer(pool, pieces(SECOND)), SECOND, ("at-outlet", "citos")),
    ):
        told = CancelDelivery(delivery_id=sent.delivery_id, reason="another day")
        await do(pool, deliveries.cancel_delivery, told)
        assert await place_of(pool, serial) == was
    assert await on_hand(pool) == 1


async def test_a_receipt_has_to_say_which_pieces_it_means(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    sent = await send_pieces(pool, FIRST, SECOND)
    told = ReceiveDelivery(delivery_id=sent.delivery_id, lines=[ReceivedLine(sku=SHAWL, received=1)])
    assert (await refusal(pool, deliveries.receive_delivery, told)).code == "serials_differ"
    assert await place_of(pool) == ("in-transit", "citos")
