"""Months of the books: which are closed, and what each account came to when they were."""

from collections.abc import Sequence
from datetime import date

from services.sales.domain.periods import spell
from services.sales.storage.settlement import acts
from shared.contracts.sales.books import Period
from shared.db import Row, Tx


async def add_period(tx: Tx, first: date) -> int:
    """Its number. It must not be there."""
    no: int = await tx.fetchval("INSERT INTO period (month) VALUES ($1) RETURNING no", first)
    return no


async def lock_open_since(tx: Tx) -> date:
    """The first day that is open, `date.min` when no month was closed. Nobody else closes one until we have."""
    day: date = await tx.fetchval("SELECT day FROM open_since FOR UPDATE")
    return day


async def get_open_since(tx: Tx) -> date:
    """The first day that is open; `date.min` when no month was closed."""
    day: date = await tx.fetchval("SELECT day FROM open_since")
    return day


async def mark_open_since(tx: Tx, day: date) -> None:
    """The ledger must be locked: what was booked before is in the months before."""
    await tx.execute("UPDATE open_since SET day = $1", day)


async def list_periods(tx: Tx, before: date | None, limit: int) -> list[Row]:
    """`no, month, closed`, the latest first."""
    return await tx.fetch(
        """
        SELECT no, month, month < day AS closed FROM period, open_since
        WHERE $1::date IS NULL OR month < $1
        ORDER BY month DESC
        LIMIT $2
        """,
        before,
        limit,
    )


async def get_period(tx: Tx, first: date) -> Row | None:
    """`no, month, closed`; None when nobody wants it closed yet."""
    return await tx.fetchrow("SELECT no, month, month < day AS closed FROM period, open_since WHERE month = $1", first)


async def list_whole(tx: Tx, rows: Sequence[Row]) -> list[Period]:
    """`rows`: no, month, closed. The step by which a month is closed is called so."""
    numbers = [row["no"] for row in rows]
    steps, approvals = await acts.list_steps(tx, numbers), await acts.list_approvals(tx, numbers)
    return [
        Period(
            month=spell(row["month"]),
            state="closed" if row["closed"] else "proposed",
            approvals=approvals[row["no"]],
            steps=[
                step.model_copy(update={"state": "closed"}) if step.state == "posted" else step
                for step in steps[row["no"]]
            ],
        )
        for row in rows
    ]


async def list_movements(tx: Tx, first: date, end: date) -> list[Row]:
    """`account, opening, debit, credit` of what is booked from `first` to the day before `end`, by account.

    On the figures of the last month closed before comes what was booked since. What was late is found by its index.
    """
    return await tx.fetch(
        """
        WITH base AS (
            SELECT no, (month + interval '1 month')::date AS since FROM period, open_since
            WHERE month < day AND month < $1
            ORDER BY month DESC
            LIMIT 1
        ), begun AS (SELECT coalesce((SELECT since FROM base), '-infinity') AS since), booked AS (
            SELECT debit, credit, booked >= $1 AS within, amount FROM transfer
            WHERE day >= (SELECT since FROM begun) AND day < $2 AND booked = day
            UNION ALL
            SELECT debit, credit, booked >= $1, amount FROM transfer
            WHERE booked > day AND booked >= (SELECT since FROM begun) AND booked < $2
        ), pair AS (
            SELECT debit, credit, within, sum(amount) AS amount FROM booked GROUP BY debit, credit, within
        ), side AS (
            SELECT debit AS account, within, amount AS debit, 0 AS credit FROM pair
            UNION ALL
            SELECT credit, within, 0, amount FROM pair
            UNION ALL
            SELECT account, false, closing, 0 FROM closing_figure WHERE period = (SELECT no FROM base)
        )
        SELECT account, coalesce(sum(debit - credit) FILTER (WHERE NOT within), 0)::bigint AS opening,
               coalesce(sum(debit) FILTER (WHERE within), 0)::bigint AS debit,
               coalesce(sum(credit) FILTER (WHERE within), 0)::bigint AS credit
        FROM side
        GROUP BY account
        HAVING bool_or(within) OR sum(debit - credit) <> 0
        ORDER BY account
        """,
        first,
        end,
    )


async def add_figures(tx: Tx, period: int, figures: Sequence[Row]) -> None:
    """`account, opening, debit, credit`, for ever."""
    await tx.execute(
        """
        INSERT INTO closing_figure (period, account, opening, debit, credit)
        SELECT $1, * FROM unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[])
        """,
        period,
        *[[row[column] for row in figures] for column in range(4)],
    )


async def list_figures(tx: Tx, period: int) -> list[Row]:
    """`account, opening, debit, credit`, as they were stored."""
    return await tx.fetch(
        "SELECT account, opening, debit, credit FROM closing_figure WHERE period = $1 ORDER BY account", period
    )
