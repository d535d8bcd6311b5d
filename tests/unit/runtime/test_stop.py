"""Background loops end when a service stops, whatever becomes of a cancel."""

import asyncio

from shared.runtime.process import _end


async def test_a_cancel_that_is_lost_in_a_call_is_said_again() -> None:
    lost = 0

    async def loop() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                if lost == 2:
                    raise
                lost += 1  # as a library that takes a cancel for a connection that was lost

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    await _end([task])

    assert task.cancelled()


async def test_nothing_to_end_is_no_fault() -> None:
    await _end([])
