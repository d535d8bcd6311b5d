"""A maker's statement and what is known of her elsewhere, for tests of what is shown of it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.contracts.catalog.origins import GetOrigins, Origin, Origins
from shared.contracts.message import Request
from shared.contracts.sales import Statement, StatementLine
from shared.contracts.training import Craft
from shared.contracts.training.learning import GetLearning, Learning, Learnt, SessionAttended
from shared.contracts.training.names import GetNames, MakerName, MakerNames

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
ANI, SALE, PAYOUT, REMITTED, COHORT, SUBMISSION = (UUID(int=number) for number in range(1, 7))


def a_sale(entry: int = 1, balance: int = 455_000, **other: Any) -> StatementLine:
    facts: dict[str, Any] = {
        "at": NOON,
        "kind": "sale",
        "amount": 455_000,
        "balance": balance,
        "sale_id": SALE,
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": 1,
        "sku": "BTK-0007",
        "quantity": 1,
        "unit_price": 700_000,
        "discount": 0,
        "net": 700_000,
        "outlet_share": 175_000,
        "programme_share": 70_000,
        "co_makers_share": 0,
        "entry": entry,
        "recorded_at": NOON,
        "title": "Selendang parang",
    }
    return StatementLine(**facts | other)


def a_payout(entry: int = 2, amount: int = -455_000, balance: int = 0) -> StatementLine:
    return StatementLine(
        at=NOON, kind="payout", amount=amount, balance=balance, payout_id=PAYOUT, entry=entry, recorded_at=NOON
    )


def a_statement(*lines: StatementLine, **other: Any) -> Statement:
    """`lines`: the earliest first."""
    shown = lines or (a_sale(), a_payout())
    facts: dict[str, Any] = {
        "maker_id": ANI,
        "balance": shown[-1].balance,
        "opening": shown[0].balance - shown[0].amount,
        "closing": shown[-1].balance,
        "since": date(2026, 11, 1),
        "until": date(2026, 11, 30),
        "items": [*shown[::-1]],
        "next": None,
    }
    return Statement(**facts | other)


async def ask(request: Request[Any]) -> Any:
    """Answers for training and catalog."""
    if isinstance(request, GetNames):
        return MakerNames(items=[MakerName(maker_id=ANI, name="Siti Aminah")])
    if isinstance(request, GetOrigins):
        origin = {"submission_id": SUBMISSION, "craft": Craft.BATIK, "submitted_at": NOON, "approved_at": NOON}
        return Origins(items=[Origin(sku=sku, **origin) for sku in request.skus])
    assert isinstance(request, GetLearning)
    assert request.crafts == [Craft.BATIK]
    held = [
        SessionAttended(session_id=UUID(int=number), number=number, day=date(2026, 3, number), minutes=180)
        for number in (1, 2)
    ]
    learnt = Learnt(
        cohort_id=COHORT, craft=Craft.BATIK, title="Batik tulis", minutes=360, certificate="KR-2026-BTK-00042",
        sessions=held,
    )  # fmt: skip
    return Learning(items=[learnt])
