"""Loans as a coordinator and a cooperative see them."""

from services.sales.domain.calendar import business_day
from services.sales.storage.settlement import loan_pages, repayments
from shared.contracts.sales.loans import GetLoan, ListLoans, Loan, Loans
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def get_loan(query: Received[GetLoan], tx: Tx) -> Loan:
    """With its instalments. Raises NotFound."""
    loan = await loan_pages.get_loan(tx, query.data.loan_id, business_day(query.now))
    if loan is None:
        raise NotFound("loan_unknown", f"there is no loan {query.data.loan_id}")
    return loan


async def list_loans(query: Received[ListLoans], tx: Tx) -> Loans:
    """The newest first."""
    asked, today = query.data, business_day(query.now)
    late = list(await repayments.list_arrears(tx, today.replace(day=1))) if asked.in_arrears is not None else []
    rows = await tx.fetch(
        """
        SELECT * FROM loan_head l
        WHERE ($1::uuid IS NULL OR l.maker_id = $1)
          AND ($2::text IS NULL OR l.lender = $2)
          AND ($3::text IS NULL OR $3 = (
              SELECT state FROM settlement_step WHERE fact = l.no ORDER BY id DESC LIMIT 1))
          AND ($4::boolean IS NULL OR $4 = (l.no = ANY ($5::bigint[])))
          AND ($6::bigint IS NULL OR l.no < $6)
        ORDER BY l.no DESC
        LIMIT $7
        """,
        asked.maker_id,
        asked.cooperative,
        asked.state,
        asked.in_arrears,
        late,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Loans(items=await loan_pages.list_heads(tx, shown, today), next=following)
