"""A maker together with the lines that she stands in, for whoever changes both."""

from uuid import UUID

from services.training.domain.courses import CohortFacts
from services.training.handlers.people import lock_maker
from services.training.storage import seats
from shared.db import Tx


class _AnotherLine(Exception):
    """She stands in a line whose cohort is not locked."""


async def lock_with_lines(tx: Tx, maker_id: UUID) -> list[CohortFacts]:
    """The open cohorts in which she hopes for a seat, and then her: whoever seats her locks in this order, too.

    She may be put in another line meanwhile; then her lock is given back, for it must not be held before a cohort's.
    """
    while True:
        try:
            async with tx.transaction():
                hopes = await seats.list_hopes(tx, maker_id)
                cohorts = await seats.lock_cohorts(tx, hopes)
                await lock_maker(tx, maker_id)
                if await seats.list_hopes(tx, maker_id) <= hopes:
                    return cohorts
                raise _AnotherLine
        except _AnotherLine:
            continue
