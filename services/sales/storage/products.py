"""Products and makers as other services told of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from services.sales.domain.pricing import NO_PRICES, ListPrice, PriceList
from services.sales.domain.sales import Product
from shared.contracts.catalog import MakerWeight, PriceChanged, ProductApproved
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.db import Row, Tx


async def add_maker(tx: Tx, maker_id: UUID) -> None:
    """Her account must be open. A maker who is known stays as she is."""
    await tx.execute(
        """
        INSERT INTO maker (maker_id, account)
        SELECT $1::uuid, id FROM account WHERE kind = 'maker-payable' AND owner = $1::uuid::text
        ON CONFLICT (maker_id) DO NOTHING
        """,
        maker_id,
    )


async def add_home(tx: Tx, home: MakerRegistered | MakerMoved, said_at: datetime) -> None:
    """Of two homes that begin on the same day the one that was told of later counts."""
    await tx.execute(
        """
        INSERT INTO maker_home (maker_id, since, rusun, cooperative, said_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (maker_id, since) DO UPDATE
        SET rusun = excluded.rusun, cooperative = excluded.cooperative, said_at = excluded.said_at
        WHERE maker_home.said_at <= excluded.said_at
        """,
        home.maker_id,
        home.since,
        home.rusun,
        home.cooperative,
        said_at,
    )


async def get_known_makers(tx: Tx, maker_ids: Sequence[UUID]) -> set[UUID]:
    rows = await tx.fetch("SELECT maker_id FROM maker WHERE maker_id = ANY ($1::uuid[])", maker_ids)
    return {row["maker_id"] for row in rows}


async def add_product(tx: Tx, product: ProductApproved) -> bool:
    """False when the SKU is taken."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO product (sku, title, craft) VALUES ($1, $2, $3)
            ON CONFLICT (sku) DO NOTHING
            RETURNING true
            """,
            product.sku,
            product.title,
            product.craft,
        )
    )


async def add_product_makers(tx: Tx, sku: str, makers: Sequence[MakerWeight]) -> None:
    await tx.execute(
        """
        INSERT INTO product_maker (sku, position, maker_id, weight)
        SELECT $1, position, maker_id, weight
        FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS maker (maker_id, weight, position)
        """,
        sku,
        [maker.maker_id for maker in makers],
        [maker.weight for maker in makers],
    )


async def add_price(tx: Tx, price: PriceChanged, said_at: datetime) -> None:
    """Of two prices from the same moment on the one that was told of later counts."""
    await tx.execute(
        """
        INSERT INTO product_price (sku, valid_from, price, floor, said_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (sku, valid_from) DO UPDATE
        SET price = excluded.price, floor = excluded.floor, said_at = excluded.said_at
        WHERE product_price.said_at <= excluded.said_at
        """,
        price.sku,
        price.valid_from,
        price.price,
        price.floor,
        said_at,
    )


async def get_known_skus(tx: Tx, skus: Sequence[str]) -> set[str]:
    rows = await tx.fetch("SELECT sku FROM product WHERE sku = ANY ($1::text[])", skus)
    return {row["sku"] for row in rows}


async def get_products(tx: Tx, skus: set[str]) -> dict[str, Product]:
    """Those that exist, each with its makers in their order and all the prices it ever had."""
    rows = await tx.fetch(
        """
        SELECT p.sku, product.craft, m.maker_id, m.account, p.weight
        FROM product_maker p
        JOIN product USING (sku)
        JOIN maker m USING (maker_id)
        WHERE p.sku = ANY ($1::text[])
        ORDER BY p.sku, p.position
        """,
        list(skus),
    )
    # After the products: what is approved at this moment would else be seen without the price it began with.
    prices = await _get_price_lists(tx, skus)
    return {sku: _product(makers, prices.get(sku, NO_PRICES)) for sku, makers in groupby(rows, key=itemgetter("sku"))}


def _product(rows: Iterable[Row], prices: PriceList) -> Product:
    _, crafts, makers, accounts, weights = zip(*rows, strict=True)
    return Product(makers, accounts, weights, prices, crafts[0])


async def _get_price_lists(tx: Tx, skus: set[str]) -> dict[str, PriceList]:
    rows = await tx.fetch(
        """
        SELECT sku, array_agg(valid_from ORDER BY valid_from) AS starts,
               array_agg(price ORDER BY valid_from) AS prices,
               array_agg(coalesce(floor, 0) ORDER BY valid_from) AS floors
        FROM product_price
        WHERE sku = ANY ($1::text[])
        GROUP BY sku
        """,
        list(skus),
    )
    return {
        row["sku"]: PriceList(tuple(row["starts"]), tuple(map(ListPrice, row["prices"], row["floors"]))) for row in rows
    }
