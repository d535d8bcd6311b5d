"""What the bench reports is what a till may say: every message its own till's, every line its own, no two alike."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from deploy.broker.definitions import OUTLETS
from deploy.local.bench.shop import SKUS
from deploy.local.bench.tills import Past, bodies
from shared.contracts.outlets import SaleReported
from shared.runtime.decode import Decoder

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def test_every_message_is_readable_and_holds_one_tills_reports_only() -> None:
    decoder = Decoder([SaleReported])
    messages = [(place, decoder.decode(body, NOON)) for place, body in bodies(6000, 100, NOON)]

    assert [len(batch.readable) for _, batch in messages] == [100] * 60
    assert not any(batch.unreadable for _, batch in messages)
    assert all((m.data.outlet, m.data.till) == place for place, batch in messages for m in batch.readable)
    assert {outlet for (outlet, _), _ in messages} == set(OUTLETS)


def test_no_line_is_reported_twice_not_even_by_another_call() -> None:
    reports = [report for _ in range(2) for _, body in bodies(500, 7, NOON) for report in json.loads(body)]

    assert len({(r["data"]["outlet"], r["data"]["receipt"], r["data"]["line"]) for r in reports}) == 1000
    assert len({r["id"] for r in reports}) == 1000
    assert {r["data"]["sku"] for r in reports} <= set(SKUS)


@pytest.mark.parametrize("pack", [1, 100, 500])
def test_no_till_sells_the_like_again_within_ten_seconds(pack: int) -> None:
    sold = defaultdict(list)
    for _, body in bodies(max(20_000, 80 * pack), pack, NOON):
        for report in json.loads(body):
            data = report["data"]
            sold[data["outlet"], data["till"], data["sku"]].append(datetime.fromisoformat(data["sold_at"]))

    assert min(b - a for moments in sold.values() for a, b in pairwise(moments)) > timedelta(seconds=10)


def test_nor_in_two_floods_one_after_the_other() -> None:
    past, sold = Past(NOON), defaultdict(list)
    for _ in range(3):
        for _, body in bodies(20_000, 100, past.take(20_000)):
            for report in json.loads(body):
                data = report["data"]
                sold[data["outlet"], data["till"], data["sku"]].append(datetime.fromisoformat(data["sold_at"]))

    assert max(max(moments) for moments in sold.values()) < NOON
    assert min(b - a for moments in sold.values() for a, b in pairwise(sorted(moments))) > timedelta(seconds=10)


def test_nor_when_a_thousand_a_second_are_told_of_as_they_happen() -> None:
    sold = defaultdict(list)
    for number in range(20_000):
        (_, body), *_ = bodies(1, 1, NOON + number * timedelta(milliseconds=1))
        data = json.loads(body)[0]["data"]
        sold[data["outlet"], data["till"], data["sku"]].append(datetime.fromisoformat(data["sold_at"]))

    assert min(b - a for moments in sold.values() for a, b in pairwise(moments)) >= timedelta(seconds=10)


def test_the_last_message_holds_the_rest_and_ends_at_the_moment() -> None:
    messages = [json.loads(body) for _, body in bodies(250, 100, NOON)]

    assert [len(message) for message in messages] == [100, 100, 50]
    assert messages[-1][-1]["time"] == NOON.isoformat()
