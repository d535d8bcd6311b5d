"""The rules of the tax that is watched, as dated data."""

from services.sales.domain.calendar import business_day
from services.sales.domain.tax import Rule
from services.sales.storage import taxes as storage
from shared.contracts.message import Event
from shared.contracts.sales.taxes import AddTaxRule, TaxRule, TaxRuleAdded, TaxRules
from shared.db import Tx
from shared.errors import Conflict
from shared.runtime.envelope import Received


async def add_rule(command: Received[AddTaxRule], tx: Tx) -> tuple[TaxRules, list[Event]]:
    """From that month on. Raises Conflict for a month in which another rule holds already."""
    asked = command.data
    rule = Rule(asked.valid_from, asked.free, asked.bps)
    if rule in await storage.list_rules(tx):
        return await _all(tx), []
    if not await storage.add_rule(tx, rule, business_day(command.now)):
        raise Conflict("tax_rule_in_force", f"another rule holds from {rule.valid_from} on")
    return await _all(tx), [TaxRuleAdded(**rule._asdict())]


async def _all(tx: Tx) -> TaxRules:
    return TaxRules(items=[TaxRule(**rule._asdict()) for rule in await storage.list_rules(tx)])
