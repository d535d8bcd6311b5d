"""Takes a product from its submission past the jurors to its price, its picture and its story."""

from collections.abc import Sequence
from datetime import datetime

from deploy.local.demo.api import Api, Json
from deploy.local.demo.desk import Desk
from deploy.local.demo.pictures import draw
from deploy.local.demo.products import CRITERIA, PRICED_FROM, TECHNIQUES, Product, Review
from deploy.local.demo.stories import story_of
from deploy.local.demo.till_data import JAKARTA


async def select(desk: Desk, product: Product, makers: Sequence[str], now: datetime) -> None:
    """Submitted by its makers, scored by its jurors, approved by the coordinator."""
    api = desk.coordinator
    path = await hand_in(api, product, makers)
    for review in product.reviews:
        await score(desk, path, review, product.sku)
    await api.post(f"{path}/decision", approval(product.sku, product.price), f"decision/{product.sku}")
    if product.shown:
        await api.post(f"/v1/products/{product.sku}/story", story_of(product), f"story/{product.sku}")
    if product.repriced:
        new_year = _new_year(product, now)
        await api.post(f"/v1/products/{product.sku}/prices", new_year, f"price/{product.sku}/{now.year + 1}")


async def hand_in(api: Api, product: Product, makers: Sequence[str], animal: bool | None = None) -> str:
    """The submission with its picture, when there is one; its path. `animal`: whether an animal gave its material."""
    said = submission(product, makers) | ({} if animal is None else {"contains_animal_material": animal})
    submitted = await api.post("/v1/submissions", said, f"submission/{product.sku}")
    path = f"/v1/submissions/{submitted['submission_id']}"
    if product.shown:
        await api.upload(f"{path}/photos", draw(product.code), "image/png", f"photo/{product.sku}")
    return path


async def score(desk: Desk, path: str, review: Review, once: str) -> None:
    """A juror says what she thinks."""
    await desk.jurors[review.juror].post(f"{path}/reviews", scores_of(review), f"review/{once}")


def scores_of(review: Review) -> Json:
    """As the gateway takes them."""
    return {"scores": dict(zip(CRITERIA, review.scores, strict=True))}


def submission(product: Product, makers: Sequence[str]) -> Json:
    """As the gateway takes it."""
    technique, material = TECHNIQUES[product.craft]
    return {
        "title": product.title,
        "craft": product.craft,
        "technique": technique,
        "material": material,
        "hours": product.hours,
        "asking_price": product.price,
        "makers": [{"maker_id": makers[number], "weight": weight} for number, weight in product.makers],
        "reference": product.code,
    }


def approval(sku: str, price: int) -> Json:
    """With its price, as for all of the first season."""
    return {"verdict": "approve", "price": price, "price_from": PRICED_FROM.isoformat(), "sku": sku}


def _new_year(product: Product, now: datetime) -> Json:
    """A price that starts later: 5 % more from the first of January on, in whole thousands."""
    start = datetime(now.year + 1, 1, 1, tzinfo=JAKARTA)
    return {"price": round(product.price * 105 // 100, -3), "valid_from": start.isoformat()}
