"""What a batch should pay, reckoned by hand from the facts: slowly, one maker after the other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from shared.db import Row
from tests.integration.properties.lab import House


class Expected(NamedTuple):
    gross: int
    debt: int
    recovery: int
    remitted: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The ledger and what it is about, as rows."""

    homes: Sequence[Row]
    entries: Sequence[Row]
    balances: Mapping[int, int]
    items: Mapping[tuple[int, int], bool]
    pending: Mapping[int, int]

    def home(self, maker: UUID, day: date) -> str:
        """Before her first home she belongs where that one is."""
        hers = sorted([row["since"] for row in self.homes if row["maker_id"] == maker])
        since = max([one for one in hers if one <= day], default=hers[0])
        return next(str(r["cooperative"]) for r in self.homes if (r["maker_id"], r["since"]) == (maker, since))


ENTRIES = """
    WITH entry AS (
        SELECT m.maker_id, m.account, t.cause,
               sum(CASE WHEN t.credit = m.account THEN t.amount ELSE -t.amount END)::bigint AS amount
        FROM transfer t JOIN maker m ON m.account IN (t.debit, t.credit)
        WHERE t.kind IN ('sale', 'return', 'void') GROUP BY 1, 2, 3
    )
    SELECT e.*, s.no AS sale, s.no = e.cause AS sold, u.no IS NOT NULL AS again, s.day, a.hold_days, a.advances,
           EXISTS (SELECT FROM remitted x WHERE x.cause = e.cause) AS remitted
    FROM entry e
    LEFT JOIN returned r ON r.no = e.cause LEFT JOIN sale_void v ON v.no = e.cause
    LEFT JOIN return_void u ON u.no = e.cause
    JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, e.cause)
    JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from
"""
BALANCES = """
    SELECT m.account, coalesce(sum(CASE WHEN t.credit = m.account THEN t.amount ELSE -t.amount END), 0)::bigint
    FROM maker m LEFT JOIN transfer t ON m.account IN (t.debit, t.credit) GROUP BY m.account
"""
ITEMS = """
    SELECT account, cause, NOT EXISTS (
        SELECT FROM settlement_step WHERE fact = payout AND state <> 'frozen'
    ) FROM payout_item
"""
PENDING = """
    SELECT m.account, sum(l.gross - l.recovery - coalesce((
        SELECT sum(t.amount) FROM transfer t WHERE t.cause = l.payout AND t.debit = m.account
    ), 0))::bigint
    FROM payout_line l JOIN maker m USING (maker_id)
    WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = l.payout AND state = 'cancelled')
    GROUP BY m.account
"""


async def read(house: House) -> Facts:
    """As of now."""
    return Facts(
        await house.fetch("SELECT maker_id, since, cooperative FROM maker_home"),
        await house.fetch(ENTRIES),
        {row[0]: row[1] for row in await house.fetch(BALANCES)},
        {(row[0], row[1]): row[2] for row in await house.fetch(ITEMS)},
        {row[0]: row[1] for row in await house.fetch(PENDING)},
    )


def expect(facts: Facts, cooperative: str, day: date) -> dict[UUID, Expected]:
    """By maker who ever lived there and has earned something that may be paid through it."""
    makers = {row["maker_id"] for row in facts.homes if row["cooperative"] == cooperative}
    found = {maker: _line(facts, maker, cooperative, day) for maker in makers}
    return {maker: line for maker, line in found.items() if line}


def _line(facts: Facts, maker: UUID, cooperative: str, day: date) -> Expected | None:
    groups: dict[int, list[Any]] = defaultdict(list)
    for entry in facts.entries:
        if entry["maker_id"] == maker and (entry["account"], entry["cause"]) not in facts.items:
            groups[entry["sale"]].append(entry)
    gross = remitted = unsettled = account = 0
    for group in groups.values():
        account, amount = group[0]["account"], sum([entry["amount"] for entry in group])
        if not is_fresh(group):
            # While the batch of the sale may be given up, nobody knows whether this is a debt.
            unsettled += amount if facts.items[account, group[0]["sale"]] else 0
            continue
        unsettled += amount
        first = group[0]
        at_home = facts.home(maker, first["day"]) == cooperative
        ripe = first["day"] + timedelta(days=first["hold_days"]) <= day
        if at_home and ripe and (is_remitted(group) or first["advances"]):
            gross += amount
            remitted += amount if is_remitted(group) else 0
    if gross <= 0:
        return None
    debt = max(0, unsettled + facts.pending.get(account, 0) - facts.balances[account])
    return Expected(gross, debt, min(debt, gross // 2), max(0, remitted))


def is_fresh(group: Iterable[Row]) -> bool:
    """The sale itself is in no line yet; or more of it was sold after all than came back."""
    group = list(group)
    return any(entry["sold"] for entry in group) or (
        any(entry["again"] for entry in group) and sum([entry["amount"] for entry in group]) > 0
    )


def is_remitted(group: Iterable[Row]) -> bool:
    group = list(group)
    decides = [entry for entry in group if entry["sold"]] or [entry for entry in group if entry["again"]]
    return all(entry["remitted"] for entry in decides)
