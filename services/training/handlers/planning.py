"""A session planned anew, or cancelled, before it is held."""

from services.training.domain import planning
from services.training.domain.courses import check_open, names_of
from services.training.domain.planning import Plan
from services.training.handlers import teaching
from services.training.handlers.clashes import list_clashes_of_session
from services.training.handlers.courses import find_cohort, find_whole
from services.training.storage import planning as storage
from services.training.storage.cohorts import list_sessions, list_warnings
from services.training.storage.teaching import list_accounts
from shared.contracts.message import Event
from shared.contracts.training import Cohort
from shared.contracts.training.planning import (
    ReplanSession,
    SessionCancelled,
    SessionPlanned,
    SessionReplanned,
    SetTrainers,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def replan_session(command: Received[ReplanSession], tx: Tx) -> tuple[SessionPlanned, list[Event]]:
    """The plan that is given up is kept. Clashes are told, not refused."""
    plan = await _lock(command, tx)
    new = planning.replanned(plan, command.data)
    event = await (_cancel(command, tx, plan) if command.data.cancel else _move(command, tx, plan, new))
    [session] = [one for one in await list_sessions(tx, plan.cohort_id) if one.session_id == plan.session_id]
    clashes = await list_clashes_of_session(tx, plan.cohort_id, plan.session_id)
    warnings = await list_warnings(tx, plan.cohort_id)
    events = [event, *await _told(tx, plan, new)]
    return SessionPlanned(cohort_id=plan.cohort_id, session=session, clashes=clashes, warnings=warnings), events


async def set_trainers(command: Received[SetTrainers], tx: Tx) -> tuple[Cohort, list[Event]]:
    """Who has taught a session stays known as somebody who has."""
    cohort_id = command.data.cohort_id
    trainers = await teaching.find_trainers(tx, command.data.trainers)
    check_open(await find_cohort(tx, cohort_id))
    before = await list_accounts(tx, [cohort_id])
    await storage.add_former_plans(tx, command)
    await storage.mark_cohort_trainers(tx, cohort_id, list(trainers), names_of(list(trainers.values())))
    after = await list_accounts(tx, [cohort_id])
    return await find_whole(tx, cohort_id), teaching.assigned(after) if after != before else []


async def _lock(command: Received[ReplanSession], tx: Tx) -> Plan:
    """Trainers before the cohort, the cohort before its session: as everybody else does. Raises NotFound, Rejected."""
    session_id = command.data.session_id
    await teaching.find_trainers(tx, command.data.trainers or [])
    if command.data.place:
        await teaching.find_place(tx, command.data.place)
    cohort_id = await storage.get_cohort_of(tx, session_id)
    if cohort_id is not None:
        await find_cohort(tx, cohort_id)
    found = await storage.lock_plan(tx, session_id)
    if found is None:
        raise NotFound("session_not_found", f"There is no session {session_id} to plan")
    plan, was_held = found
    planning.check_plannable(session_id, was_held)
    return plan


async def _move(command: Received[ReplanSession], tx: Tx, plan: Plan, new: Plan) -> Event:
    await storage.add_former_plan(tx, plan, command)
    await storage.mark_plan(tx, new)
    if new.trainers != plan.trainers:
        await storage.mark_trainers(tx, new)
    return SessionReplanned(
        session_id=new.session_id,
        cohort_id=new.cohort_id,
        number=new.number,
        planned_start=new.planned_start,
        planned_minutes=new.planned_minutes,
        place=new.place,
        place_name=(await teaching.find_place(tx, new.place)).name if new.place else None,
        title=await storage.get_title(tx, plan.cohort_id),
        earlier_start=plan.planned_start,
        makers=await storage.list_seated(tx, plan.cohort_id) if planning.is_moved(plan, new) else [],
    )


async def _cancel(command: Received[ReplanSession], tx: Tx, plan: Plan) -> Event:
    recorded, others = await storage.get_recorded(tx, plan.session_id), await storage.get_other_sessions(tx, plan)
    planning.check_cancellable(plan.session_id, recorded, others)
    await storage.mark_cancelled(tx, plan, command)
    return SessionCancelled(
        session_id=plan.session_id,
        cohort_id=plan.cohort_id,
        number=plan.number,
        planned_start=plan.planned_start,
        planned_minutes=plan.planned_minutes,
        title=await storage.get_title(tx, plan.cohort_id),
        makers=await storage.list_seated(tx, plan.cohort_id),
    )


async def _told(tx: Tx, plan: Plan, new: Plan) -> list[Event]:
    """All who teach the cohort now, when somebody has come or gone."""
    if set(new.trainers) == set(plan.trainers):
        return []
    return teaching.assigned(await list_accounts(tx, [plan.cohort_id]))
