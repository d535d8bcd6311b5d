"""The books: which request goes to which handler, and what seals them. A page of the index in `app`."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers.settlement import periods
from services.sales.views import chart, entries, seals
from services.sales.views import periods as period_views
from services.sales.watch import seals as sealing
from shared.contracts.message import Command, Query
from shared.contracts.sales.books import (
    ClosePeriod,
    GetMovements,
    ListAccounts,
    ListAdjustments,
    ListEntries,
    ListPeriods,
    ListSeals,
    ShowChart,
)
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.runtime.service import Job

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    ClosePeriod: periods.close_period,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ShowChart: chart.show_chart,
    ListAccounts: chart.list_accounts,
    GetMovements: period_views.get_movements,
    ListEntries: entries.list_entries,
    ListPeriods: period_views.list_periods,
    ListAdjustments: period_views.list_adjustments,
    ListSeals: seals.list_seals,
}
JOBS = (
    Job("seals", sealing.look, every=10.0, gives_way=True),
    Job("seal_age", sealing.measure, every=30.0),
)
