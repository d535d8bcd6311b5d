"""Plays the programme up to the first sale, through the gateway: people, courses, products, deliveries.

Every command has an Idempotency-Key that follows from the plan, so that it is done once however often it is sent.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from deploy.local.demo.api import Advance, Api, each
from deploy.local.demo.deliveries import Delivery
from deploy.local.demo.desk import Desk
from deploy.local.demo.people import RUSUN
from deploy.local.demo.places import AGREED_FROM, OUTLETS, Place
from deploy.local.demo.programme import Programme
from deploy.local.demo.seed_courses import teach
from deploy.local.demo.seed_people import register
from deploy.local.demo.seed_products import select
from deploy.local.demo.seed_trials import try_out
from deploy.local.demo.show import Show


async def seed(desk: Desk, plan: Programme, show: Show, now: datetime) -> dict[Delivery, str]:
    """Everything before the feed. Gives the ids of the deliveries that are still on the road."""
    api = desk.coordinator
    with show.step("rusun, outlets and makers", len(RUSUN) + len(OUTLETS) + len(plan.people)) as done:
        await each(OUTLETS, lambda place: _open_outlet(api, place), done)
        makers = await register(api, plan.people, done)
    with show.step("courses held, makers certified", len(plan.courses)) as done:
        await teach(api, plan.courses, makers, done)
    there = {product["sku"] for product in await api.every("/v1/products")}
    wanted = [product for product in plan.products if product.sku not in there]
    with show.step("products selected and priced", len(plan.trials) + len(wanted)) as done:
        trials = each(plan.trials, lambda trial: try_out(desk, trial, makers, now), done)
        await asyncio.gather(trials, each(wanted, lambda product: select(desk, product, makers, now), done))
    with show.step("deliveries sent and received", len(plan.deliveries)) as done:
        return await _deliver(api, plan.deliveries, done)


async def receive(api: Api, delivery_id: str) -> None:
    """All that was sent has arrived."""
    await api.post(f"/v1/deliveries/{delivery_id}/receipt", {}, f"receipt/{delivery_id}")


async def _open_outlet(api: Api, place: Place) -> None:
    outlet = {"code": place.code, "name": place.name, "place": place.address}
    await api.post("/v1/outlets", outlet, f"outlet/{place.code}")
    terms = {
        "valid_from": AGREED_FROM.isoformat(),
        "outlet_bps": place.outlet_percent * 100,
        "programme_bps": place.programme_percent * 100,
        "hold_days": 7,
        "advances": False,
        "remits": "weekly",
        "grace_days": 7,
    }
    await api.post(f"/v1/outlets/{place.code}/agreements", terms, f"agreement/{place.code}")


async def _deliver(api: Api, notes: Sequence[Delivery], done: Advance) -> dict[Delivery, str]:
    on_the_road: dict[Delivery, str] = {}

    async def deliver(note: Delivery) -> None:
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in note.lines]
        once = f"delivery/{note.outlet}/{note.number}"
        delivery = await api.post("/v1/deliveries", {"outlet": note.outlet, "lines": lines}, once)
        if note.late:
            on_the_road[note] = delivery["delivery_id"]
        else:
            await receive(api, delivery["delivery_id"])

    await each(notes, deliver, done)
    return on_the_road
