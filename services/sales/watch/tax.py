"""Tells each maker once a year that she has sold for more than is free of tax."""

from datetime import datetime
from functools import partial

from services.sales.domain import tax as domain
from services.sales.domain.calendar import business_day
from services.sales.storage import taxes as storage
from shared.contracts.message import Event
from shared.contracts.sales.taxes import TaxThresholdPassed
from shared.db import Tx
from shared.runtime.service import Tools


async def look(tools: Tools) -> bool:
    return await tools.transact(partial(look_once, now=tools.now()))


async def look_once(tx: Tx, now: datetime) -> tuple[bool, list[Event]]:
    """One replica at a time; what two would tell is told once, by a constraint."""
    events: list[Event] = []
    if await storage.lock_watch(tx):
        rules, today = await storage.list_rules(tx), business_day(now)
        for year in domain.years_to_watch(today):
            rule = domain.rule_of(min(today, domain.months_of(year)[-1]), rules)
            if rule:
                events += await _tell(tx, year, rule.free, now)
    return False, events


async def _tell(tx: Tx, year: int, free: int, now: datetime) -> list[Event]:
    passed = [sold.maker_id for sold in await storage.list_sold(tx, year, free)]
    told = set(await storage.mark_told(tx, year, passed, now))
    return [TaxThresholdPassed(maker_id=maker, year=year, free=free) for maker in passed if maker in told]
