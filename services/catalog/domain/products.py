"""Products: how they are numbered and what a price may be."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shared.contracts.catalog import Price
from shared.contracts.training import Craft
from shared.errors import Rejected

PRICE_GRACE = timedelta(minutes=1)
"""A price set to start "now" has begun by the time it arrives."""

SKU_PREFIX: Mapping[Craft, str] = {
    Craft.BATIK: "BTK",
    Craft.EMBROIDERY: "EMB",
    Craft.KNITTING: "KNT",
    Craft.SEWING: "SEW",
    Craft.WEAVING: "WVN",
    Craft.NEWSPAPER_MINIATURES: "NWS",
}


def own_sku(craft: Craft, number: int) -> str:
    """`BTK-0007`; past 9999 it grows."""
    return f"{SKU_PREFIX[craft]}-{number:04}"


def check_price_start(valid_from: datetime, now: datetime) -> None:
    """Raises Rejected for a price that would change what has been sold already."""
    if valid_from < now - PRICE_GRACE:
        raise Rejected("price_in_the_past", "a price starts now or later; what was sold keeps its price")


def check_floor(price: int, floor: int | None) -> None:
    """Raises Rejected for a lowest price above the price itself."""
    if floor is not None and floor > price:
        raise Rejected("floor_above_price", f"the floor {floor} is above the price {price}")


def price_at(prices: Sequence[Price], moment: datetime) -> Price:
    """The price that holds at `moment`; before the first one, the first. `prices`: one or more, by `valid_from`."""
    held = [price for price in prices if price.valid_from <= moment]
    return held[-1] if held else prices[0]
