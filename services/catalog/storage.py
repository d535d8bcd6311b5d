"""Every statement that changes the catalog, and the rows that its decisions rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.catalog.domain import State, price_at
from shared.contracts.catalog import MakerWeight, Price, Product, Review, Submission, SubmitProduct
from shared.db import Row, Tx


@dataclass(frozen=True, slots=True)
class Mark:
    """Who did it, and when."""

    by: str
    at: datetime


async def add_makers(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    await tx.execute("INSERT INTO maker (maker_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING", maker_ids)


async def list_unknown_makers(tx: Tx, maker_ids: Sequence[UUID]) -> list[UUID]:
    """Those of `maker_ids` whose registration has not arrived."""
    rows = await tx.fetch(
        """
        SELECT asked.maker_id FROM unnest($1::uuid[]) AS asked (maker_id)
        WHERE NOT EXISTS (SELECT FROM maker m WHERE m.maker_id = asked.maker_id)
        """,
        maker_ids,
    )
    return [row["maker_id"] for row in rows]


async def add_submission(tx: Tx, submission_id: UUID, submitted: SubmitProduct, mark: Mark) -> None:
    await tx.execute(
        """
        INSERT INTO submission (submission_id, title, craft, technique, material, hours, asking_price,
                                reference, story, submitted_at, submitted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        submission_id,
        submitted.title,
        submitted.craft,
        submitted.technique,
        submitted.material,
        submitted.hours,
        submitted.asking_price,
        submitted.reference,
        submitted.story,
        mark.at,
        mark.by,
    )


async def add_submission_makers(tx: Tx, submission_id: UUID, makers: Sequence[MakerWeight]) -> None:
    """In the order in which they were named."""
    await tx.execute(
        """
        INSERT INTO submission_maker (submission_id, position, maker_id, weight)
        SELECT $1, position, maker_id, weight
        FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS named (maker_id, weight, position)
        """,
        submission_id,
        [maker.maker_id for maker in makers],
        [maker.weight for maker in makers],
    )


async def get_submission(tx: Tx, submission_id: UUID) -> Submission | None:
    row = await tx.fetchrow("SELECT * FROM whole_submission WHERE submission_id = $1", submission_id)
    return as_submission(row) if row else None


async def lock_submission(tx: Tx, submission_id: UUID) -> Submission | None:
    """Read after the lock is held, so that it is as the last holder left it."""
    await tx.execute("SELECT FROM submission WHERE submission_id = $1 FOR UPDATE", submission_id)
    return await get_submission(tx, submission_id)


async def add_review(tx: Tx, submission_id: UUID, review: Review) -> bool:
    """False when this juror has reviewed it before."""
    added = await tx.fetchval(
        """
        INSERT INTO review (submission_id, juror, scores, score, comment, reviewed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (submission_id, juror) DO NOTHING
        RETURNING true
        """,
        submission_id,
        review.juror,
        review.scores,
        review.score,
        review.comment,
        review.reviewed_at,
    )
    return bool(added)


async def mark_in_review(tx: Tx, submission_id: UUID) -> None:
    await tx.execute(
        "UPDATE submission SET state = 'in-review' WHERE submission_id = $1 AND state = 'submitted'", submission_id
    )


async def mark_decided(tx: Tx, submission_id: UUID, state: State, reasons: Sequence[str], mark: Mark) -> None:
    await tx.execute(
        """
        UPDATE submission
        SET state = $2, reasons = $3, decided_at = $4, decided_by = $5
        WHERE submission_id = $1
        """,
        submission_id,
        state,
        reasons,
        mark.at,
        mark.by,
    )


async def claim_sku_number(tx: Tx, craft: str) -> int:
    """The craft's next number. Its row stays locked until the end: no number is lost or given twice."""
    number: int = await tx.fetchval(
        """
        INSERT INTO sku_counter (craft, last) VALUES ($1, 1)
        ON CONFLICT (craft) DO UPDATE SET last = sku_counter.last + 1
        RETURNING last
        """,
        craft,
    )
    return number


async def add_product(tx: Tx, sku: str, submission_id: UUID, approved_at: datetime) -> bool:
    """The product of a submission, as it was submitted. False when the SKU is taken."""
    added = await tx.fetchval(
        """
        INSERT INTO product (sku, submission_id, title, craft, technique, material, approved_at)
        SELECT $1, submission_id, title, craft, technique, material, $3
        FROM submission WHERE submission_id = $2
        ON CONFLICT (sku) DO NOTHING
        RETURNING true
        """,
        sku,
        submission_id,
        approved_at,
    )
    return bool(added)


async def lock_product(tx: Tx, sku: str) -> bool:
    """False when there is no such product."""
    return bool(await tx.fetchval("SELECT true FROM product WHERE sku = $1 FOR UPDATE", sku))


async def add_price(tx: Tx, sku: str, price: Price, mark: Mark) -> bool:
    """False when the product has a price that starts at the same moment."""
    added = await tx.fetchval(
        """
        INSERT INTO price (sku, valid_from, price, set_at, set_by)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (sku, valid_from) DO NOTHING
        RETURNING true
        """,
        sku,
        price.valid_from,
        price.price,
        mark.at,
        mark.by,
    )
    return bool(added)


async def get_product(tx: Tx, sku: str, moment: datetime) -> Product | None:
    """The product with the price that holds at `moment`."""
    row = await tx.fetchrow("SELECT * FROM whole_product WHERE sku = $1", sku)
    return as_product(row, moment) if row else None


def as_submission(row: Row) -> Submission:
    """A row of `whole_submission`."""
    return Submission.model_validate(dict(row))


def as_product(row: Row, moment: datetime) -> Product:
    """A row of `whole_product`, with the price that holds at `moment`."""
    prices = [Price.model_validate(price) for price in row["prices"]]
    return Product.model_validate(dict(row) | {"prices": prices, "price": price_at(prices, moment)})
