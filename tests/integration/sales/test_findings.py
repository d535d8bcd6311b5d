"""What a person should look at is found once, listed with what to do, and settled once."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.sales.domain.findings import SENSE, Finding, finding_id, opened
from services.sales.handlers.findings import settle_finding
from services.sales.storage.findings import open_findings
from services.sales.views.findings import get_finding, list_findings
from shared.contracts.sales.tills import FindingSettled, GetFinding, ListFindings, SettleFinding
from shared.db import Pool
from shared.errors import NotFound, Rejected
from tests.integration.sales.builders import NOON, Database, do
from tests.integration.sales.watching import findings, of_kind


def a_finding(n: int = 1, outlet: str = "citos") -> Finding:
    key = finding_id("piece-elsewhere", outlet, n)
    at = NOON + timedelta(seconds=n)
    return Finding(key, "piece-elsewhere", outlet, None, f"29{n:011}", {"serial": f"29{n:011}"}, at)


async def open_all(pool: Pool, *some: Finding) -> list[Finding]:
    async with pool.acquire() as tx, tx.transaction():
        return await open_findings(tx, some)


async def test_the_same_thing_is_found_once_also_when_it_is_settled(database: Database) -> None:
    pool = await database("sales")
    one = a_finding()
    assert await open_all(pool, one, one) == [one]
    assert await open_all(pool, one, a_finding(2)) == [a_finding(2)]
    await do(pool, settle_finding, SettleFinding(finding_id=one.finding_id, note="it lies there"))
    assert await open_all(pool, one) == []


async def test_a_finding_says_what_it_means_and_what_to_do(database: Database) -> None:
    pool = await database("sales")
    one = a_finding()
    await open_all(pool, one)
    shown = await do(pool, get_finding, GetFinding(finding_id=one.finding_id))
    assert (shown.means, shown.remedy) == (SENSE[one.kind].means, SENSE[one.kind].remedy)
    assert (shown.state, shown.detail, shown.subject) == ("open", one.detail, one.subject)
    assert opened(one).subject == str(one.finding_id)
    with pytest.raises(NotFound):
        await do(pool, get_finding, GetFinding(finding_id=UUID(int=7)))


async def test_of_two_people_who_settle_at_once_one_does(database: Database) -> None:
    pool = await database("sales")
    one = a_finding()
    await open_all(pool, one)
    command = SettleFinding(finding_id=one.finding_id, note="it lies there")
    results = await asyncio.gather(*[do(pool, settle_finding, command) for _ in range(2)], return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Rejected", "tuple"]
    done = next(result for result in results if isinstance(result, tuple))
    assert [one.cured for one in of_kind(done[1], FindingSettled)] == [False]
    with pytest.raises(Rejected, match="settled"):
        await do(pool, settle_finding, command)
    with pytest.raises(NotFound):
        await do(pool, settle_finding, SettleFinding(finding_id=UUID(int=7), note="what is it"))


async def test_findings_are_listed_the_newest_first_by_kind_outlet_and_state(database: Database) -> None:
    pool = await database("sales")
    some = [a_finding(n) for n in range(1, 6)]
    await open_all(pool, *some, a_finding(9, "pim"))
    await do(pool, settle_finding, SettleFinding(finding_id=some[0].finding_id, note="it lies there"))
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await do(pool, list_findings, ListFindings(outlet="citos", limit=2, cursor=cursor))
        seen += [one.finding_id for one in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == [one.finding_id for one in reversed(some[1:])]
    assert len(await findings(pool, "all")) == 6
    assert len(await findings(pool, "settled")) == 1
    assert await findings(pool, kind="sequence-gap") == []
