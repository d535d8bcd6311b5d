"""Tills as a whole: which request goes to which handler, and what looks at them."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers import findings
from services.sales.views import closings, exchanges, variances
from services.sales.views import findings as finding_views
from services.sales.watch import age, earned, tills
from shared.contracts.message import Command, Query
from shared.contracts.sales.tills import (
    GetExchange,
    GetFinding,
    ListClosings,
    ListExchanges,
    ListFindings,
    ListVariances,
    SettleFinding,
)
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.runtime.service import Job

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    SettleFinding: findings.settle_finding,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListFindings: finding_views.list_findings,
    GetFinding: finding_views.get_finding,
    ListClosings: closings.list_closings,
    ListExchanges: exchanges.list_exchanges,
    GetExchange: exchanges.get_exchange,
    ListVariances: variances.list_variances,
}
JOBS = (
    Job("watch", tills.look, every=1.0, gives_way=True),
    Job("watch_age", age.measure, every=10.0),
    Job("earned", earned.look, every=1.0, gives_way=True),
)
