"""Copies are made while somebody watches; while nobody does, one now and then finds out."""

import asyncio

import pytest
from aiormq.exceptions import DeliveryError
from pamqp.commands import Basic

from shared.runtime import copies
from shared.runtime.copies import Copies


class Exchange:
    """Counts what is sent; takes it while somebody watches."""

    def __init__(self) -> None:
        self.sent, self.watched = 0, False

    async def publish(self) -> None:
        self.sent += 1
        await asyncio.sleep(0)
        if not self.watched:
            raise DeliveryError(None, Basic.Return())


async def test_while_nobody_watches_one_of_those_that_leave_together_is_sent() -> None:
    exchange, sender = Exchange(), Copies()
    await asyncio.gather(*[sender.send(exchange.publish) for _ in range(20)])
    await sender.send(exchange.publish)
    assert exchange.sent == 1


async def test_whoever_begins_to_watch_gets_everything_from_the_next_look_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "LOOK_SECONDS", 0.01)
    exchange, sender = Exchange(), Copies()
    await sender.send(exchange.publish)
    exchange.watched = True
    await asyncio.sleep(0.02)
    for _ in range(5):
        await sender.send(exchange.publish)
    assert exchange.sent == 6


async def test_when_the_last_watcher_has_gone_copies_end() -> None:
    exchange, sender = Exchange(), Copies()
    exchange.watched = True
    await sender.send(exchange.publish)
    exchange.watched = False
    for _ in range(5):
        await sender.send(exchange.publish)
    assert exchange.sent == 2


async def test_another_fault_of_the_broker_is_not_taken_for_an_answer() -> None:
    exchange, sender = Exchange(), Copies()
    exchange.watched = True
    await sender.send(exchange.publish)

    async def fail() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await sender.send(fail)
    await sender.send(exchange.publish)
    assert exchange.sent == 2
