"""Claims: what did not arrive whole, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.sales.domain.claims import Answer, Claim, Lost
from services.sales.domain.deliveries import Note
from services.sales.storage.deliveries import note_of
from shared.contracts.sales.goods import Settlement
from shared.db import Tx


async def add_claims(tx: Tx, note: Note, claims: Sequence[tuple[UUID, Lost]], at: datetime) -> None:
    if claims:
        await tx.execute(
            """
            INSERT INTO claim (claim_id, delivery, opened_at, quantity, sku, kind, outlet, responsible)
            SELECT claim_id, $1, $2, quantity, sku, kind, $3, $4
            FROM unnest($5::uuid[], $6::int[], $7::text[], $8::text[]) AS lost (claim_id, quantity, sku, kind)
            """,
            note.no,
            at,
            note.trip.outlet,
            note.trip.responsible,
            [claim_id for claim_id, _ in claims],
            [lost.quantity for _, lost in claims],
            [lost.sku for _, lost in claims],
            [lost.kind for _, lost in claims],
        )


async def lock_claim(tx: Tx, claim_id: UUID) -> Claim | None:
    """With its delivery: of two who settle the last claims of a delivery one sees that all are settled."""
    row = await tx.fetchrow(
        """
        SELECT c.no AS claim, c.claim_id, c.sku, c.kind AS lost, c.quantity, c.settled, c.opened_at,
               d.no, d.delivery_id, d.note_number, d.kind, d.from_outlet, d.outlet, d.note, d.state, d.dispatched_at
        FROM claim c
        JOIN delivery d ON d.no = c.delivery
        WHERE c.claim_id = $1
        FOR UPDATE
        """,
        claim_id,
    )
    if row is None:
        return None
    serials = await list_open_serials(tx, row["no"], row["sku"], row["lost"])
    left = row["quantity"] - row["settled"]
    return Claim(
        no=row["claim"],
        claim_id=claim_id,
        note=note_of(row),
        sku=row["sku"],
        kind=row["lost"],
        quantity=row["quantity"],
        left=left,
        serials=serials,
        opened_at=row["opened_at"],
    )


async def list_open_serials(tx: Tx, delivery: int, sku: str, kind: str) -> list[str]:
    """The pieces of a claim for which nothing has answered."""
    rows = await tx.fetch(
        """
        SELECT serial FROM delivery_unit
        WHERE delivery = $1 AND sku = $2 AND arrived = $3 AND settlement IS NULL
        ORDER BY serial
        """,
        delivery,
        sku,
        kind,
    )
    return [row["serial"] for row in rows]


async def list_claimed_serials(tx: Tx, claim: Claim) -> list[str]:
    """All pieces that it is about."""
    rows = await tx.fetch(
        "SELECT serial FROM delivery_unit WHERE delivery = $1 AND sku = $2 AND arrived = $3 ORDER BY serial",
        claim.note.no,
        claim.sku,
        claim.kind,
    )
    return [row["serial"] for row in rows]


async def add_settlement(tx: Tx, claim: int, answer: Answer, settlement: Settlement) -> int:
    """Its number among all facts."""
    no: int = await tx.fetchval(
        """
        INSERT INTO claim_settlement (claim, settled_at, quantity, resolution, settled_by, note)
        VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING no
        """,
        claim,
        settlement.settled_at,
        answer.quantity,
        answer.resolution,
        settlement.settled_by,
        settlement.note,
    )
    return no


async def mark_settled(tx: Tx, claim: Claim, settlement: int, answer: Answer) -> None:
    await tx.execute("UPDATE claim SET settled = settled + $2 WHERE no = $1", claim.no, answer.quantity)
    await tx.execute(
        "UPDATE delivery_unit SET settlement = $3 WHERE delivery = $1 AND serial = ANY ($2::text[])",
        claim.note.no,
        answer.serials,
        settlement,
    )


async def list_settlements(tx: Tx, claims: Sequence[int]) -> dict[int, list[Settlement]]:
    """By the claim's number, the oldest first."""
    rows = await tx.fetch(
        """
        SELECT s.claim, s.resolution, s.quantity, s.note, s.settled_at, s.settled_by, ARRAY(
            SELECT serial FROM delivery_unit unit
            WHERE unit.delivery = c.delivery AND unit.settlement = s.no ORDER BY serial
        ) AS serials
        FROM claim_settlement s
        JOIN claim c ON c.no = s.claim
        WHERE s.claim = ANY ($1::bigint[])
        ORDER BY s.no
        """,
        claims,
    )
    found: dict[int, list[Settlement]] = {no: [] for no in claims}
    for row in rows:
        found[row["claim"]].append(Settlement(**row))
    return found
