"""Reading what senders write: whole batches, single faults, and bodies of every shape."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.outlets import ReturnReported, SaleReported
from shared.errors import Invalid
from shared.runtime.decode import Decoder, Undecodable
from shared.runtime.envelope import named_id

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
DECODER = Decoder((SaleReported, ReturnReported))


def a_report(**data: Any) -> dict[str, Any]:
    facts = {
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": 1,
        "sku": "BTK-0007",
        "quantity": 1,
        "unit_price": 700_000,
        "sold_at": "2026-11-21T10:02:11+07:00",
    }
    return {
        "specversion": "1.0",
        "id": "0193a1b2-6c1e-7b5a-8f7e-2b1d9c0a4e11",
        "source": "/outlets/citos/till-1",
        "type": "outlet.SaleReported.v1",
        "time": "2026-11-21T10:02:11+07:00",
        "data": facts | data,
    }


def encoded(*items: Any) -> bytes:
    return json.dumps(list(items)).encode()


def test_a_single_event_is_a_batch_of_one() -> None:
    batch = DECODER.decode(json.dumps(a_report()).encode(), NOW)

    assert [message.data.sku for message in batch.readable] == ["BTK-0007"]


def test_a_foreign_id_becomes_ours_together_with_its_source() -> None:
    message = DECODER.decode(encoded(a_report()), NOW).readable[0]

    assert message.id == named_id("citos", "/outlets/citos/till-1", "0193a1b2-6c1e-7b5a-8f7e-2b1d9c0a4e11")


def test_an_outlet_cannot_use_up_the_ids_of_another() -> None:
    batch = DECODER.decode(encoded(a_report(), a_report(outlet="pim")), NOW)

    assert len({message.envelope.source for message in batch.readable}) == 1
    assert len({message.id for message in batch.readable}) == 2


def test_types_of_one_feed_are_told_apart() -> None:
    back = a_report(returned_at="2026-11-21T11:00:00+07:00") | {"type": "outlet.ReturnReported.v1", "id": "2"}

    batch = DECODER.decode(encoded(a_report(), back), NOW)

    assert [message.data.wire for message in batch.readable] == [SaleReported.wire, ReturnReported.wire]


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (a_report(quantity=-1), "data.quantity"),
        (a_report(quantity="1"), "data.quantity"),
        (a_report(unit_price=1.5), "data.unit_price"),
        (a_report(sold_at="2026-11-21T10:02:11"), "data.sold_at"),
        (a_report(outlet="Citos!"), "data.outlet"),
        (a_report() | {"id": ""}, "id"),
        (a_report(receipt="53\x006365"), "data.receipt"),
        (a_report() | {"time": "2026-11-23T10:00:00Z"}, "time"),
        (a_report() | {"type": "outlet.Unknown.v1"}, "type"),
        ({"data": 1}, "type"),
        (42, "(all)"),
        (None, "(all)"),
    ],
)
def test_a_faulty_item_is_told_by_its_field_and_its_neighbours_are_read(item: Any, field: str) -> None:
    good = a_report() | {"id": "good"}

    batch = DECODER.decode(encoded(good, item, good | {"id": "other"}), NOW)

    assert [message.envelope.id for message in batch.readable] == ["good", "other"]
    assert [fault["field"] for fault in batch.unreadable[0].error.errors] == [field]


def test_a_fault_never_repeats_what_was_sent() -> None:
    item = a_report(sku="Ibu Siti, 0812-1111-2222")

    with pytest.raises(Invalid) as seen:
        DECODER.check(item, NOW)

    assert "Siti" not in str(seen.value) + json.dumps(seen.value.errors)


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b"42", b'"text"', b"\xff\xfe", b"[" * 100_000, encoded(*[1] * 501)]
)
def test_a_body_in_which_nothing_can_be_told_apart_is_undecodable(body: bytes) -> None:
    with pytest.raises(Undecodable):
        DECODER.decode(body, NOW)


def test_the_same_faulty_item_is_the_same_item_when_it_comes_again() -> None:
    first = DECODER.decode(encoded(a_report(quantity=0)), NOW).unreadable[0]
    again = DECODER.decode(encoded(dict(reversed(a_report(quantity=0).items()))), NOW + timedelta(hours=1)).unreadable[
        0
    ]

    assert first.id == again.id


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=12,
)


@given(st.lists(json_values, min_size=1, max_size=6))
def test_whatever_is_sent_every_item_is_accounted_for(items: list[Any]) -> None:
    batch = DECODER.decode(encoded(*items), NOW)

    assert len(batch.readable) + len(batch.unreadable) == len(items)


@given(st.dictionaries(st.sampled_from(sorted(a_report()["data"])), json_values, max_size=4))
def test_an_item_is_judged_alike_alone_and_in_a_batch(changes: dict[str, Any]) -> None:
    item = a_report(**changes)
    alone = not DECODER.decode(encoded(item), NOW).unreadable
    among = not DECODER.decode(encoded(a_report() | {"id": "x"}, item, 1), NOW).unreadable[1:]

    assert alone == among
