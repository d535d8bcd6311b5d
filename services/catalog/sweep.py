"""Background work: files that no photo needs any more are deleted."""

import asyncio

from services.catalog.files import Files
from services.catalog.storage import photos as storage
from shared.contracts.message import Event
from shared.db import Tx
from shared.runtime.service import Tools

GRACE = 3600.0
"""Seconds that a file without a row is left alone: long enough for a person who restores a database beside it."""

AT_ONCE = 500


async def sweep_files(tools: Tools) -> bool:
    """A round over the whole folder."""
    files = Files(tools.settings.files)
    names = await asyncio.to_thread(files.list_names, GRACE)
    for start in range(0, len(names), AT_ONCE):
        await remove_unneeded(tools, files, names[start : start + AT_ONCE])
    return False


async def remove_unneeded(tools: Tools, files: Files, names: list[str]) -> None:
    """While nobody adds a photo: of a file that is there again its row would be seen too late."""

    async def remove(tx: Tx) -> tuple[None, list[Event]]:
        if await storage.claim_folder(tx):
            needed = await storage.list_needed(tx, names)
            await asyncio.to_thread(files.remove, [name for name in names if name not in needed])
        return None, []

    await tools.transact(remove)
