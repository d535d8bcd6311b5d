"""Clashes as they are told with the answer to a change; whoever changes a session or a seat may ask."""

from uuid import UUID

from services.training.domain.clashes import find_clashes, of_cohort, of_maker, of_session
from services.training.storage.clashes import list_slots_around
from shared.contracts.training.clashes import Clash
from shared.db import Tx


async def list_clashes_of_session(tx: Tx, cohort_id: UUID, session_id: UUID) -> list[Clash]:
    """Those that a session of this cohort is in, by plan or because it took longer."""
    return of_session(find_clashes(await list_slots_around(tx, cohort_id)), session_id)


async def list_clashes_of_maker(tx: Tx, cohort_id: UUID, maker_id: UUID) -> list[Clash]:
    """Where else a maker with a seat should be at the time of a session of this cohort."""
    around = find_clashes(await list_slots_around(tx, cohort_id))
    return of_maker(of_cohort(around, cohort_id), maker_id)
