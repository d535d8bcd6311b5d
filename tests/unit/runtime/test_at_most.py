"""Whoever does not answer is given up in time, even if it cannot be cancelled."""

import asyncio

import pytest

from shared.runtime.patience import at_most, lost_if_dropped


async def test_what_is_done_in_time_is_given_back() -> None:
    assert await at_most(1, asyncio.sleep(0, "done")) == "done"


async def test_what_it_raises_is_raised() -> None:
    async def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await at_most(1, fail())


async def test_what_loses_its_cancel_is_not_waited_for() -> None:
    ended = asyncio.Event()

    async def deaf() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await ended.wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await at_most(0.01, deaf())
    ended.set()


async def test_whoever_gives_up_waiting_cancels_the_work() -> None:
    cancelled = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    waiting = asyncio.create_task(at_most(60, work()))
    await asyncio.sleep(0.01)
    waiting.cancel()

    await asyncio.wait_for(cancelled.wait(), 5)


async def dropped() -> None:
    """As the broker's library, when somebody closes the connection that we wait on."""
    raise asyncio.CancelledError


async def test_who_is_dropped_by_others_has_lost_the_connection() -> None:
    with pytest.raises(ConnectionError):
        await at_most(1, dropped())
    with pytest.raises(ConnectionError):
        await lost_if_dropped(dropped())


async def test_who_is_cancelled_ends() -> None:
    waiting = asyncio.create_task(lost_if_dropped(asyncio.sleep(60)))
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert waiting.cancelled()


async def test_who_is_late_is_late_and_not_dropped() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await lost_if_dropped(asyncio.sleep(60))
