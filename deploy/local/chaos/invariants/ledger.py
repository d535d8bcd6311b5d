"""The books: they balance, they follow from the events, and they are those of the same feed without faults."""

from deploy.local import databases
from deploy.local.chaos.invariants.evidence import Evidence, some
from deploy.local.chaos.invariants.rules import RULES
from services.sales.replay.verify import Databases, verify
from services.sales.views.books import get_books

BALANCES = """
    SELECT sum(debit - credit) FROM (
        SELECT amount AS debit, 0 AS credit FROM transfer JOIN account ON account.id = debit
        UNION ALL SELECT 0, amount FROM transfer JOIN account ON account.id = credit
    ) side
"""


async def ledger_sums_to_zero(found: Evidence) -> list[str]:
    """I3: all accounts together, and each sale with all its postings."""
    total = await found.value("sales", BALANCES)
    wrong = [f"the ledger sums to {total}"] if total else []
    for rule, breaks in RULES.items():
        rows = await found.rows("sales", breaks)
        wrong += some([tuple(row.values()) for row in rows], f"not so: {rule}")
    return wrong


async def books_follow_from_the_events(found: Evidence) -> list[str]:
    """I4: stock and ledger are the fold of the event logs."""
    house = found.house
    async with databases.scratch(house.admin_url, "sales") as name:
        urls = {service: house.database_url(service, service) for service in ("training", "catalog", "sales")}
        verdict = await verify(Databases(**urls, target=house.database_url(name, "sales")), lambda _: None)
    differ = verdict.production.explain(verdict.replayed.books).splitlines()
    return [*some(verdict.replayed.unexplained, "its cause is in no log"), *differ]


async def books_are_those_of_an_undisturbed_run(found: Evidence) -> list[str]:
    """The same reports, told once and in order to a sales that nothing happens to."""
    if found.undisturbed is None:
        return ["the same feed was not played undisturbed"]
    return (await get_books(found.databases["sales"])).explain(found.undisturbed).splitlines()
