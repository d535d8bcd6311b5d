"""Folds the logs into the funnel, and holds it against the one in use."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from services.training.domain.calendar import jakarta_day
from services.training.domain.funnel import TELLING, Told
from services.training.views.progress import count_reached, list_orders
from shared import db
from shared.db import Row, Tx
from shared.errors import Invalid
from shared.runtime.decode import MOST_EVENTS, Decoder
from shared.runtime.envelope import join, now
from shared.runtime.replay import log
from shared.runtime.replay.heard import sieve

NAME = "training-replay"
OWN = "training"

Page = Mapping[str, Mapping[str, int | str]]


class Funnels(NamedTuple):
    """The one in use and the one that was told: by rusun, step and month, and the orders of the steps by their day."""

    production: Page
    replayed: Page


async def verify(training: str, sales: str) -> Funnels:
    """Both of one moment of training's; URLs of the two databases. What it has not heard yet has no part in it."""
    async with _looking_at(training, sales) as logs:
        told = await _fold(logs)
        today = jakarta_day(now())
        return Funnels(
            _page(await count_reached(logs[OWN], today), await list_orders(logs[OWN])),
            _page(told.count(today), {str(day): " > ".join(steps) for day, steps in told.orders.items()}),
        )


@asynccontextmanager
async def _looking_at(training: str, sales: str) -> AsyncIterator[dict[str, Tx]]:
    """Training first: what it has heard until then is in the other's log when that is looked at."""
    async with AsyncExitStack() as stack:
        logs: dict[str, Tx] = {}
        for service, url in ((OWN, training), ("sales", sales)):
            logs[service] = connection = await db.connect(url, NAME)
            stack.push_async_callback(connection.close)
            await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
            await connection.execute("SELECT FROM event_log LIMIT 1")  # the moment is that of the first look
        yield logs


async def _fold(logs: Mapping[str, Tx]) -> Told:
    told, decoder, chunk = Told(), Decoder(TELLING), list[Row]()
    heard = await sieve(OWN, logs[OWN], now())
    wires = {service: [kind.wire for kind in TELLING if kind.owner() == service] for service in logs}

    async def take() -> None:
        texts = await heard.texts(chunk)
        batch = decoder.decode(join(texts), now()) if texts else None
        if batch and batch.unreadable:
            raise Invalid("log_unreadable", f"{batch.unreadable[0].item.get('type')}: {batch.unreadable[0].error}")
        for message in batch.readable if batch else []:
            told.hear(message.data, message.envelope.time)
        chunk.clear()

    async for entry in log.merge([log.read(tx, wires[service]) for service, tx in logs.items()]):
        chunk.append(entry)
        if len(chunk) == MOST_EVENTS:
            await take()
    await take()
    return told


def _page(counts: Mapping[str, int], orders: Mapping[str, str]) -> Page:
    return {
        **{of: {"makers": count} for of, count in counts.items()},
        **{f"order {day}": {"steps": steps} for day, steps in orders.items()},
    }
