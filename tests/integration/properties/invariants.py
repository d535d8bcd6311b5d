"""What holds at every moment, whatever was told: each rule as the rows that break it."""

from deploy.local.chaos.invariants.rules import RULES
from shared.contracts.sales import GetTrialBalance, SummariseFeed
from tests.integration.properties.lab import House

SOLD_TWICE = """
    SELECT s.serial FROM sale s JOIN sale_split p ON p.sale = s.no
    WHERE s.serial IS NOT NULL AND p.taken_back < p.units
    GROUP BY s.serial HAVING count(*) > 1 + (
        SELECT count(*) FROM parked WHERE code IN ('sale_not_recorded', 'receipt_not_recorded')
    )
"""
"""Unless something that waits for one of its sales, or did, said that it came back."""


async def check(house: House, sent: int | None = None) -> None:
    """`sent`: how many reports tills have sent; all of them are accounted for."""
    for rule, breaks in {**RULES, "a piece is sold once, until it comes back": SOLD_TWICE}.items():
        assert not await house.fetch(breaks), rule
    assert (await house.ask(GetTrialBalance())).ledger_sum == 0
    if sent is not None:
        seen = await house.ask(SummariseFeed())
        recorded = seen.sales_accepted + seen.returns_accepted + seen.voids_accepted + seen.closings_accepted
        assert recorded + seen.duplicates_ignored + seen.parked == sent


async def check_replay(house: House) -> None:
    verdict = await house.replay()
    assert not verdict.replayed.unexplained
    difference = verdict.production.explain(verdict.replayed.books)
    assert not difference, f"the log gives other books: {difference}"
