"""The rules of the tax that is watched."""

from services.sales.domain.calendar import business_day
from services.sales.domain.tax import Rule
from services.sales.replay.links import Family, Links, in_turn
from services.sales.storage import taxes as storage
from shared.contracts.sales.taxes import TaxRuleAdded
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_rule(tx: Tx, message: Received[TaxRuleAdded]) -> None:
    told = message.data
    await storage.add_rule(tx, Rule(told.valid_from, told.free, told.bps), business_day(message.envelope.time))


FAMILY = Family(in_turn({TaxRuleAdded: project_rule}), {TaxRuleAdded: Links()})
