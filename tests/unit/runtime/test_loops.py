"""Background loops end when a process stops, whatever becomes of a cancel; one that ends before is noticed."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from shared.runtime.loops import Loops


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def loops(faults: list[str]) -> Loops:
    return Loops(lambda: faults.append("told"))


async def test_a_cancel_that_is_lost_in_a_call_is_said_again(loops: Loops, faults: list[str]) -> None:
    lost = 0
    ended = asyncio.Event()

    async def loop() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                if lost == 2:
                    ended.set()
                    raise
                lost += 1  # as a library that takes a cancel for a connection that was lost

    loops.start(loop())
    await asyncio.sleep(0)
    await loops.end()

    assert ended.is_set()
    assert (loops.broken, faults) == (False, [])


async def test_nothing_to_end_is_no_fault(loops: Loops) -> None:
    await loops.end()

    assert not loops.broken


async def raises() -> None:
    raise LookupError


async def returns() -> None:
    return


async def cancelled() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("loop", [raises, returns, cancelled])
async def test_one_that_ends_by_itself_is_told_of(
    loops: Loops, faults: list[str], loop: Callable[[], Awaitable[None]]
) -> None:
    async def run() -> None:
        await loop()

    loops.start(run(), asyncio.sleep(3600))
    await asyncio.sleep(0.01)

    assert (loops.broken, faults) == (True, ["told"])
    await loops.end()
