"""What the buyer of a piece is told of it."""

from services.catalog.storage import products as storage
from shared.contracts.catalog.photos import Photo
from shared.contracts.catalog.showing import GetStory, Story
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_story(query: Received[GetStory], tx: Tx) -> Story:
    """Whatever became of the product since: who has bought a piece may read of it."""
    code = query.data.code
    row = await tx.fetchrow(
        """
        SELECT w.*, u.serial FROM whole_product w
        LEFT JOIN unit u ON u.serial = $1 AND u.sku = w.sku
        WHERE w.sku = coalesce((SELECT sku FROM unit WHERE serial = $1), $1)
        """,
        code,
    )
    if row is None:
        raise NotFound("story_unknown", "no product and no piece of this code")
    product = storage.as_product(row, query.now)
    photos = [Photo.model_validate(photo) for photo in row["photos"]]
    told = {"sku", "title", "craft", "technique", "material", "story_id", "story_en", "price"}
    return Story(
        **product.model_dump(include=told),
        hours=row["hours"],
        serial=row["serial"],
        makers=[maker.maker_id for maker in product.makers],
        photos=[photo for photo in photos if not photo.hidden],
    )
