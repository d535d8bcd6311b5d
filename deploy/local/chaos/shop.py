"""The shop that the tills sell in, opened through the real doors: makers, products, promotion, labels, deliveries."""

import asyncio
import json
import time
from dataclasses import dataclass

import asyncpg

from deploy.broker.definitions import OUTLETS
from deploy.local.chaos.feed.goods import (
    LABELLED,
    LATE,
    PIECES,
    PRICE,
    PRICES,
    PROMO,
    PROMO_BPS,
    SHELF,
    TILLS,
    Goods,
)
from deploy.local.chaos.feed.plan import Batch
from deploy.local.chaos.feed.telling import Json
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.people import Person
from deploy.local.chaos.tills.till import Tills
from deploy.local.state import SetupError

CRITERIA = ("market-fit", "sale-value", "finish", "consistency", "repeatability", "price-realism", "authenticity")
SINCE, UNTIL = "2020-01-01", "2099-01-01"
PAID_AT_ONCE: Json = {"hold_days": 0, "advances": True}
"""Nobody waits for an outlet's money here."""

MAKERS = 6
PATIENCE = 30.0


@dataclass
class Shop:
    """`submission`: of the late product, which is judged and not decided upon."""

    coordinator: Person
    juror: Person
    submission: str = ""

    async def open(self) -> Goods:
        """Everything that tills may sell lies on the shelves, and sales has heard of it when this returns or soon."""
        await self.coordinator.post("/v1/rusun", rusun())
        makers = [(await self.coordinator.post("/v1/makers", maker(n)))["maker_id"] for n in range(MAKERS)]
        for number, (sku, price) in enumerate({**PRICES, LABELLED: PRICE}.items()):
            submission = await self._submit([makers[number % MAKERS], makers[-1]][: 1 + number % 2], price)
            await self.decide(submission, sku, price)
        self.submission = await self._submit(makers[:1], PRICE)
        await self.coordinator.post("/v1/promotions", promotion())
        for code in OUTLETS:
            await self._open_outlet(code)
        return Goods({code: tuple(await self._label(code)) for code in OUTLETS})

    async def stock(self, installation: Installation, goods: Goods) -> None:
        """Deliveries, when sales knows what they hold."""
        await until_known(installation, len(PRICES) + 1, PIECES * len(OUTLETS))
        for code in OUTLETS:
            plain: list[Json] = [{"sku": sku, "quantity": SHELF} for sku in PRICES]
            pieces = {"sku": LABELLED, "quantity": PIECES, "serials": list(goods.pieces[code])}
            sent = await self.coordinator.post("/v1/deliveries", {"outlet": code, "lines": [*plain, pieces]})
            await self.coordinator.post(f"/v1/deliveries/{sent['delivery_id']}/receipt")

    async def decide(self, submission: str, sku: str = LATE, price: int = PRICE) -> None:
        """Approves it."""
        terms = {"verdict": "approve", "price": price, "price_from": f"{SINCE}T00:00:00+07:00", "sku": sku}
        await self.coordinator.post(f"/v1/submissions/{submission}/decision", terms, once=f"decide-{sku}")

    async def _submit(self, makers: list[str], price: int) -> str:
        piece = {"title": "Kain batik", "craft": "batik", "technique": "tulis", "material": "katun", "hours": 12}
        weights = [{"maker_id": maker_id, "weight": weight} for weight, maker_id in enumerate(makers, 1)]
        offer = piece | {"asking_price": price, "makers": weights}
        submission = str((await self.coordinator.post("/v1/submissions", offer))["submission_id"])
        scores = {"scores": dict.fromkeys(CRITERIA, 9)}
        await self.juror.post(f"/v1/submissions/{submission}/reviews", scores)
        return submission

    async def _open_outlet(self, code: str) -> None:
        await self.coordinator.post("/v1/outlets", {"code": code, "name": code, "place": "Jakarta"})
        terms = {"valid_from": SINCE, "outlet_bps": 1500 if code == "citos" else 2500, "programme_bps": 1000}
        await self.coordinator.post(f"/v1/outlets/{code}/agreements", terms | PAID_AT_ONCE)

    async def _label(self, code: str) -> list[str]:
        made = await self.coordinator.post(f"/v1/products/{LABELLED}/units", {"count": PIECES}, once=f"label-{code}")
        return [unit["serial"] for unit in made["items"]]


def rusun() -> Json:
    return {"code": "rusun", "name": "Rusun", "cooperative": "kop", "cooperative_name": "Koperasi"}


def maker(number: int) -> Json:
    """Somebody who wants to hear of her sales."""
    home = {"rusun": "rusun", "block": "A", "unit": str(number), "since": SINCE}
    return {"name": "Ibu Contoh", "phone": f"0812{number:08}", "consents": ["training", "notices"]} | home


def promotion() -> Json:
    terms = {"promo_id": PROMO, "title": "Chaos", "discount_bps": PROMO_BPS, "funded_by": "everyone"}
    return terms | {"valid_from": f"{SINCE}T00:00:00+07:00", "valid_to": f"{UNTIL}T00:00:00+07:00"}


async def until_known(installation: Installation, products: int, pieces: int) -> None:
    """Waits until sales has heard of so many products and pieces, and of the promotion."""
    asked = "SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM unit), (SELECT count(*) FROM promotion)"
    await _until(installation, asked, (products, pieces, 1))


async def record_opening(installation: Installation, tills: Tills, opening: tuple[Json, ...]) -> None:
    """The day before: each till reports it whole, and all of it is recorded when this returns."""
    bodies = [
        [event for event in opening if (event["data"]["outlet"], event["data"]["till"]) == where] for where in TILLS
    ]
    batches = [Batch(-n, where, 0, json.dumps(some).encode()) for n, (where, some) in enumerate(zip(TILLS, bodies), 1)]  # noqa: B905
    await tills.insist(batches)
    recorded = "SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM heard), (SELECT count(*) FROM outbox)"
    await _until(installation, recorded, (len(opening), 0, 0))


async def _until(installation: Installation, asked: str, wanted: tuple[int, ...]) -> None:
    deadline = time.monotonic() + PATIENCE
    sales = await asyncpg.connect(installation.database_url("sales", "sales"))
    try:
        while (found := tuple(await sales.fetchrow(asked) or ())) != wanted:
            if time.monotonic() > deadline:
                raise SetupError(f"the shop is not open after {PATIENCE:.0f} s: {found}, not {wanted}")
            await asyncio.sleep(0.1)
    finally:
        await sales.close()
