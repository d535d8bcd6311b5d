"""What is handed to the bank: a row for each payee who is pending, and a total that ties out."""

import asyncio
from collections.abc import Mapping, Sequence

from services.sales.domain.calendar import business_day
from services.sales.domain.paying import Attempt
from services.sales.domain.results import BANK_COLUMNS, TOTAL
from services.sales.storage.settlement import cooperatives, rows
from shared.contracts.message import Document
from shared.contracts.sales.paying import GetBankFile
from shared.db import Row, Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received
from shared.tables import CSV, write_csv

SENT = ("sent", "partly_paid", "paid")


async def get_bank_file(query: Received[GetBankFile], tx: Tx) -> Document:
    """Raises NotFound, Rejected before it is sent and when a cooperative has no account."""
    batch = await rows.get_batch(tx, query.data.payout_id)
    if batch is None:
        raise NotFound("payout_unknown", f"there is no batch {query.data.payout_id}")
    if batch["state"] not in SENT:
        raise Rejected(f"payout_{batch['state']}", f"this batch is {batch['state']}; send it first")
    pending = await rows.list_in_state(tx, batch["no"], "pending")
    paid_at = {attempt.lender or batch["cooperative"] for attempt in pending}
    accounts = await cooperatives.get_accounts(tx, paid_at, business_day(query.now))
    lacking = sorted(paid_at - accounts.keys())
    if lacking:
        raise Rejected("cooperative_account_unknown", f"nobody has said where {', '.join(lacking)} is paid")
    content = await asyncio.to_thread(write_bank_file, batch, pending, accounts)
    return Document(media_type=CSV, filename=f"bank-{batch['payout_id']}.csv", content=content)


def write_bank_file(batch: Row, pending: Sequence[Attempt], accounts: Mapping[str, Row]) -> bytes:
    """With the columns that docs/settlement-files.md tells of."""
    table: list[tuple[object, ...]] = []
    for attempt in pending:
        account = accounts[attempt.lender or batch["cooperative"]]
        kind = "lender" if attempt.lender else "maker"
        payee = attempt.lender or attempt.maker_id
        told = (account["cooperative"], account["bank"], account["account_number"], account["account_name"])
        reference = f"{attempt.key} {batch['day']:%Y-%m-%d}"
        table.append((batch["payout_id"], attempt.key, kind, payee, *told, attempt.amount, reference))
    total = sum([attempt.amount for attempt in pending])
    table.append((TOTAL, len(pending), *[""] * 6, total, ""))
    return write_csv(BANK_COLUMNS, table)
