"""Takes a product from its submission past the jurors to its price."""

from collections.abc import Sequence
from datetime import datetime

from deploy.local.demo.api import Json
from deploy.local.demo.desk import Desk
from deploy.local.demo.products import CRITERIA, PRICED_FROM, TECHNIQUES, Product
from deploy.local.demo.till_data import JAKARTA


async def select(desk: Desk, product: Product, makers: Sequence[str], now: datetime) -> None:
    """Submitted by its makers, scored by its jurors, decided by the coordinator."""
    submission = await desk.coordinator.post(
        "/v1/submissions", _submission(product, makers), f"submission/{product.sku}"
    )
    path = f"/v1/submissions/{submission['submission_id']}"
    for review in product.reviews:
        scores = {"scores": dict(zip(CRITERIA, review.scores, strict=True))}
        await desk.jurors[review.juror].post(f"{path}/reviews", scores, f"review/{product.sku}")
    await desk.coordinator.post(f"{path}/decision", _decision(product), f"decision/{product.sku}")
    if product.repriced:
        await desk.coordinator.post(
            f"/v1/products/{product.sku}/prices", _new_year(product, now), f"price/{product.sku}/{now.year + 1}"
        )


def _submission(product: Product, makers: Sequence[str]) -> Json:
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


def _decision(product: Product) -> Json:
    if product.verdict != "approve":
        way = {"kind": "advice", "text": product.advice}
        return {"verdict": product.verdict, "reasons": list(product.reasons), "way_forward": [way]}
    return {
        "verdict": product.verdict,
        "price": product.price,
        "price_from": PRICED_FROM.isoformat(),
        "sku": product.sku,
    }


def _new_year(product: Product, now: datetime) -> Json:
    """A price that starts later: 5 % more from the first of January on, in whole thousands."""
    start = datetime(now.year + 1, 1, 1, tzinfo=JAKARTA)
    return {"price": round(product.price * 105 // 100, -3), "valid_from": start.isoformat()}
