"""The tax watch: which request goes to which handler, and what looks at the turnover."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers import taxes
from services.sales.views import taxes as views
from services.sales.watch import tax
from shared.contracts.message import Command, Query
from shared.contracts.sales.taxes import AddTaxRule, ExportTax, GetMakerTax, ListTax, ListTaxRules
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.runtime.service import Job

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    AddTaxRule: taxes.add_rule,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListTaxRules: views.list_rules,
    GetMakerTax: views.get_maker_tax,
    ListTax: views.list_tax,
    ExportTax: views.export_tax,
}
# A pass over the year's sales: nothing depends on whether she is told now or within the hour.
JOBS = (Job("tax", tax.look, every=3600.0, gives_way=True),)
