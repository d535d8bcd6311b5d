"""How an operator sees what waits."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from deploy.local.commands.parked import describe, describe_reason
from shared.contracts.operations import Parked, ParkedReason

FACTS: dict[str, Any] = {
    "parked_id": UUID(int=7),
    "type": "outlet.SaleReported.v1",
    "subject": "citos/till-1/536365/1",
    "kind": "not_yet",
    "code": "sku_unknown",
    "detail": "no product BTK-0007 is approved",
    "state": "waiting",
    "attempts": 2,
    "next_try_at": datetime(2026, 11, 21, 5, tzinfo=UTC),
    "parked_at": datetime(2026, 11, 21, 5, tzinfo=UTC),
}


def test_the_id_is_whole_so_that_the_next_command_can_name_it() -> None:
    assert describe("sales", Parked(**FACTS)).splitlines() == [
        "00000000-0000-0000-0000-000000000007  sales  waiting, 2 tries  outlet.SaleReported.v1 citos/till-1/536365/1",
        "    sku_unknown: no product BTK-0007 is approved",
    ]


def test_what_a_till_wrote_has_no_power_over_the_terminal() -> None:
    odd = Parked(**FACTS | {"subject": "[/bold]\x1b[2J\n\u202e", "attempts": 1})
    first, second = describe("sales", odd).splitlines()
    assert first.endswith("waiting, 1 try  outlet.SaleReported.v1 [/bold]\ufffd[2J\ufffd\ufffd")
    assert second.startswith("    sku_unknown")


def test_a_reason_says_how_many_what_it_means_and_what_to_do() -> None:
    reason = ParkedReason(
        code="sku_unknown",
        count=7,
        waiting=5,
        person=2,
        oldest=datetime(2026, 11, 21, 5, tzinfo=UTC),
        means="Nobody has approved it.",
        remedy="Approve it.",
    )
    assert describe_reason("sales", reason).splitlines() == [
        "sku_unknown  sales  7: 5 wait by themselves, 2 need a person, since 2026-11-21 05:00 UTC",
        "    Nobody has approved it.",
        "    Approve it.",
    ]
