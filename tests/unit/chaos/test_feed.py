"""The feed is made from its seed: repeatable, whole, and with poison that is known."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from deploy.broker.definitions import OUTLETS
from deploy.local.chaos.feed.goods import OVER_HTTP, PIECES, TILLS, Goods
from deploy.local.chaos.feed.plan import Feed, Size, make_feed, make_opening, opens_at
from deploy.local.chaos.feed.poison import KINDS
from deploy.local.chaos.feed.telling import key_of
from shared.contracts.outlets import TILL_REPORTS
from shared.runtime.decode import Decoder, Undecodable

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SIZE = Size(60, 150)
GOODS = Goods({
    outlet: tuple([f"29{number:02}{piece:09}" for piece in range(PIECES)]) for number, outlet in enumerate(OUTLETS)
})  # fmt: skip


def a_feed(seed: int) -> Feed:
    return make_feed(seed, SIZE, GOODS, opens_at(NOW, SIZE), make_opening(GOODS, NOW))


FEED = a_feed(1)


def test_the_same_seed_makes_the_same_feed_and_another_one_another() -> None:
    assert a_feed(1) == FEED
    assert a_feed(2) != FEED


def test_every_fact_is_told_once_and_travels_in_some_batch() -> None:
    carried = {item["id"] for batch in FEED.batches for item in batch.items or ()}

    assert len(FEED.keys()) == len(FEED.told)
    assert {event["id"] for event in FEED.told} <= carried


def test_what_is_told_can_be_read_and_lies_in_the_past() -> None:
    batch = Decoder(TILL_REPORTS).decode(json.dumps(FEED.told[:500]).encode(), NOW)

    assert not batch.unreadable
    assert all(event["time"] < NOW.isoformat() for event in FEED.told)


def test_tills_number_what_they_tell_without_gaps() -> None:
    numbers: Counter[str] = Counter()
    for event in FEED.told:
        if "till_seq" in event["data"]:
            numbers[event["source"]] += event["data"]["till_seq"]
    counts = Counter([event["source"] for event in FEED.told if "till_seq" in event["data"]])

    assert numbers == {till: count * (count + 1) // 2 for till, count in counts.items()}
    assert len(counts) == len(TILLS)


def test_every_kind_of_poison_is_there_and_none_is_a_fact() -> None:
    codes = set(FEED.parked.values())

    assert {"event_id_reused", "receipt_line_changed", "serial_already_sold", "outlet_mismatch"} <= codes
    assert len(FEED.parked) >= len(KINDS)
    assert not FEED.parked.keys() & {event["id"] for event in FEED.told}


def test_bodies_for_the_dead_differ_and_come_by_amqp_only() -> None:
    unreadable = [batch for batch in FEED.batches if batch.items is None]

    assert len({batch.body for batch in unreadable}) == len(unreadable)
    assert not [batch for batch in unreadable if batch.where[1] in OVER_HTTP]
    for batch in unreadable:
        with pytest.raises(Undecodable):
            Decoder(TILL_REPORTS).decode(batch.body, NOW)


def test_no_two_tills_sell_the_same_piece() -> None:
    sellers: dict[str, set[str]] = {}
    for event in FEED.told:
        if "serial" in event["data"]:
            sellers.setdefault(event["data"]["serial"], set()).add(event["source"])

    assert sellers
    assert {len(tills) for tills in sellers.values()} == {1}


def test_a_closing_has_the_key_of_its_day() -> None:
    closing = next(event for event in FEED.told if "TillClosed" in event["type"])

    assert key_of(closing)[3] == closing["data"]["business_date"]
