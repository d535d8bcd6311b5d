"""The ledger as a maker and as an accountant sees it. Balances are sums of transfers, never columns."""

from datetime import date

from services.sales.storage.settlement import books
from services.sales.views.statements.lines import read_account
from services.sales.views.statements.span import period
from shared.contracts.sales import AccountBalance, GetStatement, GetTrialBalance, Statement, TrialBalance
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_statement(query: Received[GetStatement], tx: Tx) -> Statement:
    """A maker's account, the newest entry first. Raises NotFound for a maker who is not known, Invalid."""
    asked = query.data
    account = await books.get_maker_account(tx, asked.maker_id)
    if account is None:
        raise NotFound("maker_unknown", f"maker {asked.maker_id} is not known")
    read = await read_account(tx, account, period(asked.since, asked.until), query)
    return Statement(maker_id=asked.maker_id, since=asked.since, until=asked.until, **read)


async def get_trial_balance(query: Received[GetTrialBalance], tx: Tx) -> TrialBalance:
    """All accounts, each side summed by itself in one pass over the ledger, up to the day that is asked for."""
    rows = await tx.fetch(
        """
        WITH pair AS (
            SELECT debit, credit, sum(amount) AS amount FROM transfer WHERE booked <= $1 GROUP BY debit, credit
        ), side AS (
            SELECT debit AS id, amount AS debit, 0 AS credit FROM pair
            UNION ALL
            SELECT credit, 0, amount FROM pair
        )
        SELECT account.kind, account.owner,
               coalesce(sum(side.debit), 0)::bigint AS debit,
               coalesce(sum(side.credit), 0)::bigint AS credit,
               (coalesce(sum(side.debit), 0) - coalesce(sum(side.credit), 0))::bigint AS balance
        FROM account
        LEFT JOIN side USING (id)
        GROUP BY account.kind, account.owner
        ORDER BY account.kind, account.owner
        """,
        query.data.until or date.max,
    )
    accounts = [AccountBalance(**row) for row in rows]
    return TrialBalance(ledger_sum=sum([account.balance for account in accounts]), items=accounts)
