"""Payouts and write-offs as a whole: which request goes to which handler. A page of the index in `app`."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers.settlement import payouts, write_offs
from services.sales.views import settlement
from shared.contracts.message import Command, Query
from shared.contracts.sales.settlement import (
    ApprovePayout,
    ApproveWriteOff,
    CancelPayout,
    CancelWriteOff,
    FreezePayout,
    GetPayout,
    GetWriteOff,
    ListDebts,
    ListPayouts,
    ListWriteOffs,
    ProposeWriteOff,
)
from shared.runtime.responder import CommandHandler, QueryHandler

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    FreezePayout: payouts.freeze_payout,
    ApprovePayout: payouts.approve_payout,
    CancelPayout: payouts.cancel_payout,
    ProposeWriteOff: write_offs.propose_write_off,
    ApproveWriteOff: write_offs.approve_write_off,
    CancelWriteOff: write_offs.cancel_write_off,
}

QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListPayouts: settlement.list_payouts,
    GetPayout: settlement.get_payout,
    ListDebts: settlement.list_debts,
    ListWriteOffs: settlement.list_write_offs,
    GetWriteOff: settlement.get_write_off,
}
