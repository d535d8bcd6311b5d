"""What the bench reports is what a till may say: every message its own outlet's, every line its own."""

import json
from datetime import UTC, datetime

from deploy.broker.definitions import OUTLETS
from deploy.local.bench.shop import SKUS
from deploy.local.bench.tills import bodies
from shared.contracts.outlets import SaleReported
from shared.runtime.decode import Decoder

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def test_every_message_is_readable_and_holds_one_outlets_reports_only() -> None:
    decoder = Decoder([SaleReported])
    messages = [(outlet, decoder.decode(body, NOON)) for outlet, body in bodies(1000, 100, NOON)]

    assert [len(batch.readable) for _, batch in messages] == [100] * 10
    assert not any(batch.unreadable for _, batch in messages)
    assert all(message.data.outlet == outlet for outlet, batch in messages for message in batch.readable)
    assert {outlet for outlet, _ in messages} == set(OUTLETS)


def test_no_line_is_reported_twice_not_even_by_another_call() -> None:
    reports = [report for _ in range(2) for _, body in bodies(500, 7, NOON) for report in json.loads(body)]

    assert len({(r["data"]["outlet"], r["data"]["receipt"], r["data"]["line"]) for r in reports}) == 1000
    assert len({r["id"] for r in reports}) == 1000
    assert {r["data"]["sku"] for r in reports} <= set(SKUS)


def test_the_last_message_holds_the_rest() -> None:
    assert [len(json.loads(body)) for _, body in bodies(250, 100, NOON)] == [100, 100, 50]
