"""The rows of a batch that was sent: who is paid, under which key it was tried, and what became of it."""

from collections.abc import Sequence
from uuid import UUID

from services.sales.domain.paying import Attempt
from services.sales.storage.settlement.acts import Act
from shared.contracts.sales.rows import PayoutRow, TriedRow
from shared.db import Row, Tx


async def add_rows(tx: Tx, act: Act, rows: Sequence[TriedRow]) -> None:
    """Each with its first attempt."""
    await tx.execute(
        """
        WITH told AS (
            SELECT * FROM unnest($4::uuid[], $5::text[], $6::bigint[], $7::text[]) AS t (maker_id, lender, amount, key)
        ), added AS (
            INSERT INTO payout_row (payout, maker_id, lender, amount)
            SELECT $1, maker_id, lender, amount FROM told
            RETURNING no, coalesce(maker_id::text, lender) AS payee
        )
        INSERT INTO payout_attempt (row_no, number, key, at, by)
        SELECT added.no, 1, told.key, $2, $3
        FROM added
        JOIN told ON coalesce(told.maker_id::text, told.lender) = added.payee
        """,
        act.fact,
        act.at,
        act.by,
        [row.maker_id for row in rows],
        [row.lender for row in rows],
        [row.amount for row in rows],
        [row.attempt_key for row in rows],
    )


async def add_attempts(tx: Tx, act: Act, rows: Sequence[TriedRow]) -> None:
    """The next one of each of these rows."""
    await tx.execute(
        """
        INSERT INTO payout_attempt (row_no, number, key, at, by)
        SELECT r.no, (SELECT max(number) + 1 FROM payout_attempt WHERE row_no = r.no), told.key, $2, $3
        FROM unnest($4::text[], $5::text[]) AS told (payee, key)
        JOIN payout_row r ON r.payout = $1 AND coalesce(r.maker_id::text, r.lender) = told.payee
        """,
        act.fact,
        act.at,
        act.by,
        [str(row.maker_id or row.lender) for row in rows],
        [row.attempt_key for row in rows],
    )


async def add_results(tx: Tx, act: Act, outcome: str, keys: Sequence[str], reasons: Sequence[str | None] = ()) -> None:
    """What became of these attempts, all the same. `reasons`: as many as keys, or none."""
    await tx.execute(
        """
        INSERT INTO payout_result (row_no, key, outcome, reason, at, by)
        SELECT a.row_no, a.key, $1, told.reason, $2, $3
        FROM unnest($4::text[], $5::text[]) AS told (key, reason)
        JOIN payout_attempt a USING (key)
        """,
        outcome,
        act.at,
        act.by,
        keys,
        reasons or [None] * len(keys),
    )


async def list_rows(tx: Tx, batch: int) -> list[PayoutRow]:
    """Makers first. None when it was not sent."""
    rows = await tx.fetch(
        """
        SELECT maker_id, lender, amount, state, attempt, attempt_key, since, reason
        FROM payout_row_now
        WHERE payout = $1
        ORDER BY lender NULLS FIRST, maker_id
        """,
        batch,
    )
    return [PayoutRow(**row) for row in rows]


async def list_attempts(tx: Tx, batch: int, keys: Sequence[str]) -> dict[str, Attempt]:
    """Those of this batch that have these keys, older ones too."""
    rows = await tx.fetch(
        """
        SELECT a.key, a.number, r.amount, r.maker_id, r.lender, m.account,
               CASE WHEN final.outcome IS NOT NULL THEN final.outcome
                    WHEN doubt.key IS NOT NULL THEN 'held' ELSE 'pending' END AS state
        FROM payout_attempt a
        JOIN payout_row r ON r.no = a.row_no
        LEFT JOIN maker m USING (maker_id)
        LEFT JOIN payout_result final ON final.key = a.key AND final.outcome <> 'unknown'
        LEFT JOIN payout_result doubt ON doubt.key = a.key AND doubt.outcome = 'unknown'
        WHERE a.key = ANY ($2::text[]) AND r.payout = $1
        """,
        batch,
        keys,
    )
    return {row["key"]: Attempt(**row) for row in rows}


async def list_in_state(tx: Tx, batch: int, state: str) -> list[Attempt]:
    """The rows of this batch that are in this state now. Makers first."""
    rows = await tx.fetch(
        """
        SELECT n.attempt_key AS key, n.attempt AS number, n.amount, n.maker_id, n.lender, m.account, n.state
        FROM payout_row_now n
        LEFT JOIN maker m USING (maker_id)
        WHERE n.payout = $1 AND n.state = $2
        ORDER BY n.lender NULLS FIRST, n.maker_id
        """,
        batch,
        state,
    )
    return [Attempt(**row) for row in rows]


async def is_whole(tx: Tx, batch: int) -> bool:
    """Whether all of its rows are paid."""
    return not await tx.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM payout_row r
            WHERE r.payout = $1
              AND NOT EXISTS (SELECT FROM payout_result s WHERE s.row_no = r.no AND s.outcome = 'paid')
        )
        """,
        batch,
    )


async def list_accounts(tx: Tx, kind: str, owners: Sequence[str]) -> dict[str, int]:
    """By owner."""
    rows = await tx.fetch("SELECT owner, id FROM account WHERE kind = $1 AND owner = ANY ($2::text[])", kind, owners)
    return {row["owner"]: row["id"] for row in rows}


async def get_batch(tx: Tx, payout_id: UUID) -> Row | None:
    """`no, payout_id, day, cooperative, state`."""
    return await tx.fetchrow(
        "SELECT no, payout_id, day, cooperative, state FROM payout_now WHERE payout_id = $1", payout_id
    )
