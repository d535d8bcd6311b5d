"""Tills that report steadily from a process of their own, so that whoever measures something else is not held up."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from deploy.local.bench.tills import open_tills


@dataclass(frozen=True)
class Feeder:
    """`urls`: the broker's, by outlet."""

    pool: ProcessPoolExecutor
    urls: dict[str, str]

    def start(self, rate: int, events: int) -> "asyncio.Future[None]":
        """So many single reports a second; done when the broker has confirmed the last one."""
        return asyncio.get_running_loop().run_in_executor(self.pool, feed, self.urls, rate, events)


@contextmanager
def open_feeder(urls: dict[str, str]) -> Iterator[Feeder]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(int).result()  # it starts now, not in the middle of a measurement
        yield Feeder(pool, urls)


def feed(urls: dict[str, str], rate: int, events: int) -> None:
    """In the process of its own."""
    asyncio.run(_feed(urls, rate, events))


async def _feed(urls: dict[str, str], rate: int, events: int) -> None:
    async with open_tills(urls) as tills:
        await tills.feed(rate, events)
