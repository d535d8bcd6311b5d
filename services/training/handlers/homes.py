"""Moving between rusun: a home is added to her history, nothing of it is lost."""

from services.training.domain import homes as domain
from services.training.domain.calendar import jakarta_day
from services.training.handlers.people import find_rusun, lock_maker
from services.training.storage import homes as storage
from services.training.storage.homes import NewHome
from shared.contracts.message import Event
from shared.contracts.training import MakerMoved
from shared.contracts.training.people import Home, Homes, MoveMaker
from shared.db import Tx
from shared.runtime.envelope import Received


async def move_maker(command: Received[MoveMaker], tx: Tx) -> tuple[Homes, list[Event]]:
    """For a day that a home begins on already it is a correction: what was written is kept and no longer counts.

    Also a block or a unit is told of: only who knows every home knows where each of them ends.
    """
    asked = command.data
    rusun = await find_rusun(tx, asked.rusun)
    await lock_maker(tx, asked.maker_id)
    standing = await storage.list_standing(tx, asked.maker_id)
    domain.check_move(asked.since, jakarta_day(command.now), [home.since for home in standing])
    home = NewHome(asked.maker_id, asked.since, asked.rusun, asked.block, asked.unit)
    events: list[Event] = []
    if home not in standing:
        await storage.mark_replaced(tx, home.maker_id, home.since, command.now)
        await storage.add_home(tx, home, command.now, command.actor)
        events = [MakerMoved(maker_id=home.maker_id, rusun=rusun.code, cooperative=rusun.cooperative, since=home.since)]
    rows = await storage.list_homes(tx, home.maker_id)
    return Homes(maker_id=home.maker_id, items=[Home(**row) for row in rows]), events
