"""Paying as a whole: which request goes to which handler. A page of the index in `app`."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers.settlement import cooperatives, paying
from services.sales.views import bank_file, payout_items
from services.sales.views import cooperatives as cooperative_views
from shared.contracts.message import Command, Query
from shared.contracts.sales.paying import (
    GetBankFile,
    ImportResults,
    ListCooperatives,
    ListPayoutItems,
    RecordResults,
    RetryRows,
    SendPayout,
    SetCooperative,
)
from shared.contracts.sales.settlement import RecordPaid
from shared.runtime.responder import CommandHandler, QueryHandler

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    SendPayout: paying.send_payout,
    RecordPaid: paying.record_paid,
    RecordResults: paying.record_results,
    ImportResults: paying.import_results,
    RetryRows: paying.retry_rows,
    SetCooperative: cooperatives.set_cooperative,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListPayoutItems: payout_items.list_payout_items,
    GetBankFile: bank_file.get_bank_file,
    ListCooperatives: cooperative_views.list_cooperatives,
}
