"""Every question about the catalog: SQL in, contract reply out."""

from services.catalog import storage
from services.catalog.domain import State
from shared.contracts.catalog import GetProduct, ListProducts, ListSubmissions, Product, Products, Submissions
from shared.db import Tx
from shared.errors import Invalid, NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, decode_number, encode_cursor


async def list_submissions(query: Received[ListSubmissions], tx: Tx) -> Submissions:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT * FROM whole_submission
        WHERE ($1::text IS NULL OR state = $1) AND ($2::bigint IS NULL OR seq < $2)
        ORDER BY seq DESC
        LIMIT $3
        """,
        _known_state(asked.state),
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    return Submissions(items=[storage.as_submission(row) for row in shown], next=following)


async def list_products(query: Received[ListProducts], tx: Tx) -> Products:
    """By SKU, each with the price of now."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        """
        SELECT * FROM whole_product p
        WHERE ($1::text IS NULL OR craft = $1)
          AND ($2::uuid IS NULL OR EXISTS (
              SELECT FROM submission_maker m WHERE m.maker_id = $2 AND m.submission_id = p.submission_id))
          AND ($3::text IS NULL OR sku > $3)
        ORDER BY sku
        LIMIT $4
        """,
        asked.craft,
        asked.maker_id,
        after[0] if after else None,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["sku"]) if len(rows) > len(shown) else None
    return Products(items=[storage.as_product(row, query.now) for row in shown], next=following)


async def get_product(query: Received[GetProduct], tx: Tx) -> Product:
    """With the price of now and all its prices."""
    product = await storage.get_product(tx, query.data.sku, query.now)
    if product is None:
        raise NotFound("product_unknown", f"no product {query.data.sku}")
    return product


def _known_state(state: str | None) -> str | None:
    """Raises Invalid: a state that is misspelt would look like an empty list."""
    if state is None or state in list(State):
        return state
    reason = f"one of {', '.join(State)}"
    raise Invalid("invalid", f"state: {reason}", errors=[{"field": "state", "reason": reason}])
