"""What outlets remit and owe: which request goes to which handler. A page of the index in `app`."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers.settlement import remittances
from services.sales.views import dues, waiting
from services.sales.views import remittances as views
from shared.contracts.message import Command, Query
from shared.contracts.sales.remittances import (
    GetDues,
    GetRemittance,
    GetWaiting,
    ListLateOutlets,
    ListRemittances,
    RecordRemittance,
    ReverseRemittance,
)
from shared.runtime.responder import CommandHandler, QueryHandler

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    RecordRemittance: remittances.record_remittance,
    ReverseRemittance: remittances.reverse_remittance,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListRemittances: views.list_remittances,
    GetRemittance: views.get_remittance,
    GetDues: dues.get_dues,
    GetWaiting: waiting.get_waiting,
    ListLateOutlets: dues.list_late_outlets,
}
