"""An outlet's statement: what it sold, what came back, what it handed over, day by day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from services.sales.views.outlets import check_outlet
from services.sales.views.statements.span import check_days
from shared.contracts.sales.parties import AccountPeriod, GetOutletStatement, OutletLine, OutletStatement
from shared.db import Row, Tx
from shared.errors import Invalid
from shared.runtime.envelope import Received

LONGEST = timedelta(days=366)


async def get_outlet_statement(query: Received[GetOutletStatement], tx: Tx) -> OutletStatement:
    """Raises NotFound for an outlet that is not registered, Invalid."""
    asked = query.data
    check_days(asked.since, asked.until)
    if asked.until - asked.since >= LONGEST:
        fault = {"field": "until", "reason": "more than 366 days after since"}
        raise Invalid("invalid", "until: more than 366 days after since", errors=[fault])
    await check_outlet(tx, asked.code)
    opening, *moved = await _list_days(tx, asked.code, asked.since, asked.until)
    lines = [*_running(opening, moved)]
    receivable, commission = _period(opening["receivable"], lines, 0), _period(opening["commission"], lines, 1)
    return OutletStatement(
        outlet=asked.code,
        since=asked.since,
        until=asked.until,
        receivable=receivable,
        commission=commission,
        sold=sum([line.receivable for line in lines if line.kind == "sale"]),
        returned=-sum([line.receivable for line in lines if line.kind in ("return", "void")]),
        earned=sum([line.commission for line in lines if line.kind in ("sale", "return", "void")]),
        remitted=-sum([line.receivable for line in lines if line.kind == "remittance"]),
        kept=-sum([line.receivable for line in lines if line.kind == "commission"]),
        open=receivable.closing - commission.closing,
        items=lines,
    )


def _period(opening: int, lines: Sequence[OutletLine], account: int) -> AccountPeriod:
    moved = sum([(line.receivable, line.commission)[account] for line in lines])
    return AccountPeriod(opening=opening, closing=opening + moved)


def _running(opening: Row, moved: Iterable[Row]) -> Iterator[OutletLine]:
    receivable, commission = opening["receivable"], opening["commission"]
    for row in moved:
        receivable, commission = receivable + row["receivable"], commission + row["commission"]
        yield OutletLine(**row, receivable_balance=receivable, commission_balance=commission)


async def _list_days(tx: Tx, outlet: str, since: date, until: date) -> list[Row]:
    """First what both accounts came to before, then what was booked, day by day and kind by kind. All of one moment.

    Most transfers of an outlet lie on both of its accounts' sides, or on one of them: each is looked at once.
    """
    return await tx.fetch(
        """
        WITH entry AS (
            SELECT t.cause, t.kind, t.booked, t.amount, t.debit, t.credit, o.receivable, o.commission
            FROM outlet o JOIN transfer t ON t.debit IN (o.receivable, o.commission)
            WHERE o.code = $1 AND t.booked <= $3
            UNION ALL
            SELECT t.cause, t.kind, t.booked, t.amount, t.debit, t.credit, o.receivable, o.commission
            FROM outlet o JOIN transfer t ON t.credit IN (o.receivable, o.commission)
            WHERE o.code = $1 AND t.booked <= $3 AND t.debit NOT IN (o.receivable, o.commission)
        ), moved AS (
            SELECT CASE WHEN booked >= $2 THEN booked END AS booked, CASE WHEN booked >= $2 THEN kind END AS kind,
                   CASE WHEN booked >= $2 AND kind IN ('remittance', 'commission') THEN cause END AS single, cause,
                   (debit = receivable)::int * amount - (credit = receivable)::int * amount AS receivable,
                   (credit = commission)::int * amount - (debit = commission)::int * amount AS commission
            FROM entry
        ), summed AS (
            SELECT booked, kind, single, count(DISTINCT cause) AS facts, sum(receivable)::bigint AS receivable,
                   sum(commission)::bigint AS commission
            FROM moved GROUP BY booked, kind, single
            UNION ALL
            SELECT NULL, NULL, NULL, 0, 0, 0 WHERE NOT EXISTS (SELECT FROM moved WHERE booked IS NULL)
        )
        SELECT s.booked, s.kind, s.facts, s.receivable, s.commission, m.remittance_id
        FROM summed s
        LEFT JOIN remittance_reversal v ON v.no = s.single
        LEFT JOIN remittance m ON m.no = coalesce(v.remittance, s.single)
        ORDER BY s.booked NULLS FIRST, s.kind = 'sale' DESC, s.single NULLS FIRST, s.kind DESC
        """,
        outlet,
        since,
        until,
    )
