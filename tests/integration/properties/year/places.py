"""Where each rupiah is that buyers have paid: accounts against what people were answered, lines against facts."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from shared.contracts.sales import GetTrialBalance
from shared.contracts.sales.taxes import ListTax
from tests.integration.properties.lab import House
from tests.integration.properties.year.world import MAKERS, OUTLETS, YEARS


@dataclass
class Purse:
    """What was handed over, as the answers said: by outlet, by maker. `lenders`: what is kept back and not yet paid."""

    received: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    paid: Counter[UUID] = field(default_factory=Counter)
    given_up: Counter[UUID] = field(default_factory=Counter)
    kept_for_loans: Counter[UUID] = field(default_factory=Counter)
    lenders: int = 0
    left_the_bank: int = 0


RULES = {
    "a line lists what the ledger says, and only as long as its batch stands": """
        SELECT i.account, i.cause FROM payout_item i
        WHERE i.amount <> (
            SELECT sum(CASE WHEN t.credit = i.account THEN t.amount ELSE -t.amount END) FROM transfer t
            WHERE t.cause = i.cause AND i.account IN (t.debit, t.credit) AND t.kind IN ('sale', 'return', 'void')
        ) OR EXISTS (SELECT FROM settlement_step WHERE fact = i.payout AND state = 'cancelled')
    """,
    "what a line pays is what it lists": """
        SELECT l.payout, l.maker_id FROM payout_line l
        JOIN maker m USING (maker_id)
        WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = l.payout AND state = 'cancelled')
          AND l.gross <> coalesce((
              SELECT sum(amount) FROM payout_item i WHERE i.payout = l.payout AND i.account = m.account AND i.earned
          ), 0)
    """,
    "nothing is paid that its outlet has not remitted, unless it is advanced": """
        SELECT i.account, i.cause FROM payout_item i
        JOIN sale s ON s.no = i.cause
        JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from
        WHERE i.earned AND NOT a.advances AND NOT EXISTS (SELECT FROM remitted r WHERE r.cause = s.no)
    """,
    "nothing is paid before its hold days are over": """
        SELECT i.account, i.cause FROM payout_item i
        JOIN payout p ON p.no = i.payout
        JOIN sale s ON s.no = i.cause
        JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from
        WHERE s.day + a.hold_days > p.day
    """,
    "at most half of what she earned is kept back for a debt": """
        SELECT payout, maker_id FROM payout_line WHERE 2 * recovery > gross OR recovery > debt OR amount <= 0
    """,
    "a loan is kept back from remitted money only": """
        SELECT l.payout, l.maker_id FROM payout_line l
        JOIN maker m USING (maker_id)
        WHERE l.loan > 0 AND NOT EXISTS (SELECT FROM settlement_step WHERE fact = l.payout AND state = 'cancelled')
          AND l.loan > (
              SELECT coalesce(sum(i.amount), 0) FROM payout_item i
              LEFT JOIN returned r ON r.no = i.cause LEFT JOIN sale_void v ON v.no = i.cause
              LEFT JOIN return_void u ON u.no = i.cause
              WHERE i.payout = l.payout AND i.account = m.account AND i.earned
                AND EXISTS (SELECT FROM remitted x WHERE x.cause = coalesce(r.sale, v.sale, u.sale, i.cause))
          )
    """,
}
"""Each rule as the rows that break it."""

SOLD = """
    SELECT outlet, sum(net)::bigint AS net FROM (
        SELECT outlet, quantity * unit_price - discount AS net FROM sale
        UNION ALL SELECT outlet, -net FROM returned
        UNION ALL SELECT outlet, -net FROM sale_void
        UNION ALL SELECT outlet, net FROM return_void
    ) told GROUP BY outlet
"""
SHARES = """
    SELECT a.kind || ' ' || a.owner AS of, sum((p.units - p.taken_back) * part.share)::bigint AS amount
    FROM sale s JOIN sale_split p ON p.sale = s.no JOIN outlet o ON o.code = s.outlet
    CROSS JOIN LATERAL (
        SELECT o.commission AS account, p.outlet AS share
        UNION ALL SELECT (SELECT id FROM account WHERE kind = 'programme-share'), p.programme
        UNION ALL SELECT * FROM unnest(p.accounts, p.shares)
    ) part
    JOIN account a ON a.id = part.account
    GROUP BY 1
"""


async def check(house: House, purse: Purse) -> None:
    """Raises AssertionError when a rupiah is nowhere, or in two places."""
    for rule, breaks in RULES.items():
        assert not await house.fetch(breaks), rule
    sold = {row["outlet"]: row["net"] for row in await house.fetch(SOLD)}
    shares = {row["of"]: row["amount"] for row in await house.fetch(SHARES)}
    accounts = Counter[str]()
    for line in (await house.ask(GetTrialBalance())).items:
        accounts[f"{line.kind} {line.owner}"] = line.balance
    assert sum(accounts.values()) == 0
    _check_outlets(purse, sold, shares, accounts)
    _check_makers(purse, shares, accounts)
    await _check_cash(house, purse, sold, accounts)


def _check_outlets(purse: Purse, sold: dict[str, int], shares: dict[str, int], accounts: Counter[str]) -> None:
    """An outlet holds what buyers paid, less what it handed over and what it may keep of that."""
    for code in OUTLETS:
        held = sold.get(code, 0) - purse.received[code] - purse.kept[code]
        assert accounts[f"outlet-receivable {code}"] == held, code
        owed = shares.get(f"outlet-commission {code}", 0) - purse.kept[code]
        assert accounts[f"outlet-commission {code}"] == -owed, code
    assert accounts["programme-share programme"] == -shares.get("programme-share programme", 0)


def _check_makers(purse: Purse, shares: dict[str, int], accounts: Counter[str]) -> None:
    """A maker is owed what her pieces gave, less what she was given."""
    for maker in MAKERS:
        given = purse.paid[maker] + purse.kept_for_loans[maker] - purse.given_up[maker]
        owed = shares.get(f"maker-payable {maker}", 0) - given
        assert accounts[f"maker-payable {maker}"] == -owed, maker
    assert accounts["written-off programme"] == sum(purse.given_up.values())
    clearing = [amount for name, amount in accounts.items() if name.startswith("cooperative-payable")]
    assert sum(clearing) == -purse.lenders


async def _check_cash(house: House, purse: Purse, sold: dict[str, int], accounts: Counter[str]) -> None:
    """All that buyers paid: with the outlets, in the bank, or given to makers. The tax is reckoned on it too."""
    with_outlets = sum([accounts[f"outlet-receivable {code}"] + purse.kept[code] for code in OUTLETS])
    assert sum(sold.values()) == with_outlets + sum(purse.received.values())
    assert accounts["bank programme"] == sum(purse.received.values()) - purse.left_the_bank
    taxed = [line.turnover for year in YEARS for line in (await house.ask(ListTax(year=year, limit=500))).items]
    assert sum(taxed) == sum(sold.values())
