"""What a cooperative is handed: a line for each maker with her name, and totals that tie out."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.gateway.papers.cooperative_file import make_cooperative_file
from shared.contracts.sales.rows import PayoutRow
from shared.contracts.sales.settlement import FrozenLine, GetPayout, Payout
from shared.contracts.training.names import GetNames, MakerName, MakerNames

ANI, WATI, BATCH = UUID(int=1), UUID(int=2), UUID(int=9)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


async def ask(request: Any) -> Any:
    """Training, which knows one of the two."""
    assert isinstance(request, GetNames)
    assert request.maker_ids == [ANI, WATI]
    return MakerNames(items=[MakerName(maker_id=ANI, name="=Ani Lestari")])


def a_batch(rows: list[PayoutRow], **other: Any) -> Payout:
    lines = [
        FrozenLine(
            maker_id=ANI, gross=455_000, debt=0, recovery=0, remitted=455_000, loan=91_000, amount=364_000, items=1
        ),
        FrozenLine(maker_id=WATI, gross=337_500, debt=455_000, recovery=168_750, amount=168_750, items=2),
    ]
    facts: dict[str, Any] = {
        "payout_id": BATCH,
        "cooperative": "kop-pulogebang",
        "state": "sent",
        "day": date(2026, 11, 21),
        "makers": 2,
        "total": 532_750,
        "approvals": [],
        "steps": [],
        "lines": lines,
        "rows": rows,
    }
    return Payout(**(facts | other))


async def table(payout: Payout) -> list[list[str]]:
    document = await make_cooperative_file(GetPayout(payout_id=BATCH), payout, ask)
    assert document.filename == f"cooperative-{BATCH}.csv"
    return list(csv.reader(io.StringIO(document.content.decode("utf-8-sig"))))


async def test_each_line_has_a_name_and_each_column_its_sum() -> None:
    rows = [
        PayoutRow(
            maker_id=ANI, lender=None, amount=364_000, state="held", attempt=2, attempt_key="KRAAAAAAAAAAAA",
            since=NOON, reason=None,
        ),
        PayoutRow(
            maker_id=None, lender="kop-lender", amount=91_000, state="paid", attempt=1, attempt_key="KRBBBBBBBBBBBB",
            since=NOON, reason=None,
        ),
    ]  # fmt: skip
    head, ani, wati, total = await table(a_batch(rows))
    assert head == ["attempt_key", "maker_id", "name", "gross", "recovery", "loan", "amount", "state"]
    assert ani == ["KRAAAAAAAAAAAA", str(ANI), "'=Ani Lestari", "455000", "0", "91000", "364000", "held"]
    assert wati == ["", str(WATI), "", "337500", "168750", "0", "168750", "sent"]
    assert total == ["TOTAL", "2", "", "792500", "168750", "91000", "532750", "sent"]


async def test_before_it_is_sent_nobody_has_a_key() -> None:
    _, *lines, _ = await table(a_batch([], state="frozen"))
    assert [(line[0], line[-1]) for line in lines] == [("", "frozen")] * 2
