"""What tests of courses are made of besides: trainers, places, curricula, recurring cohorts, lines of makers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.training.handlers import courses, planning, seats, teaching
from shared.contracts.message import Event
from shared.contracts.training import Cohort, Enrolment, OpenCohort
from shared.contracts.training.planning import ReplanSession, SessionPlanned
from shared.contracts.training.seats import AcceptOffer, CancelEnrolment, RefuseOffer, Seats, SetCapacity
from shared.contracts.training.teaching import (
    Curriculum,
    Place,
    RegisterPlace,
    RegisterTrainer,
    Trainer,
    WriteCurriculum,
)
from shared.db import Pool
from tests.integration.training.builders import NOON, do, enrol, look_at, open_cohort, register, register_rusun

TUESDAYS_AND_THURSDAYS = {
    "weekdays": ["tuesday", "thursday"],
    "start": "09:00",
    "minutes": 180,
    "from": "2026-12-01",
    "count": 4,
}
BATIK = {
    "code": "batik-dasar",
    "craft": "batik",
    "title": "Batik tulis dasar",
    "sessions": [{"title": "Mengenal canting", "minutes": 180}, {"title": "Pewarnaan", "minutes": 300}],
    "materials": [{"name": "kain mori", "quantity": 2.5, "unit": "m"}, {"name": "malam", "quantity": 1, "unit": "kg"}],
    "required_share": 80,
    "practical_required": True,
}


async def a_trainer(pool: Pool, name: str = "Bu Sri", **fields: Any) -> Trainer:
    given = {"name": name, "kind": "professional-crafter", "crafts": ["batik"], "institution": "Dinas PPKUKM"}
    trainer, events = await do(pool, teaching.register_trainer, RegisterTrainer.model_validate(given | fields))
    assert events == []
    return trainer


async def a_place(pool: Pool, code: str = "aula", **fields: Any) -> Place:
    given = {"code": code, "name": code.title()}
    place, _ = await do(pool, teaching.register_place, RegisterPlace.model_validate(given | fields))
    return place


async def a_curriculum(pool: Pool, **fields: Any) -> Curriculum:
    curriculum, _ = await do(pool, teaching.write_curriculum, WriteCurriculum.model_validate(BATIK | fields))
    return curriculum


async def open_recurring(pool: Pool, **fields: Any) -> tuple[Cohort, list[Event]]:
    """Batik on Tuesdays and Thursdays."""
    given = {"craft": "batik", "title": "Batik", "rusun": "pulogebang", "recurrence": TUESDAYS_AND_THURSDAYS}
    if "trainers" not in fields:
        given["trainer"] = "Bu Sri"
    return await do(pool, courses.open_cohort, OpenCohort.model_validate(given | fields))


async def replan(pool: Pool, session_id: UUID, **fields: Any) -> tuple[SessionPlanned, list[Event]]:
    asked = ReplanSession.model_validate({"session_id": session_id, "reason": "room is taken"} | fields)
    return await do(pool, planning.replan_session, asked)


async def a_full_class(pool: Pool, capacity: int, waiting: int, **fields: Any) -> tuple[Cohort, list[UUID], list[UUID]]:
    """A cohort, those with a seat and those who wait for one."""
    await register_rusun(pool)
    cohort = await open_cohort(pool, capacity=capacity, **fields)
    makers = [(await register(pool)).maker_id for _ in range(capacity + waiting)]
    for maker in makers:
        await enrol(pool, cohort, maker)
    return cohort, makers[:capacity], makers[capacity:]


async def cancel(pool: Pool, cohort: Cohort, maker: UUID, now: datetime = NOON) -> tuple[Seats, list[Event]]:
    asked = CancelEnrolment(cohort_id=cohort.cohort_id, maker_id=maker, reason="moves away")
    return await do(pool, seats.cancel_enrolment, asked, now)


async def accept(pool: Pool, cohort: Cohort, maker: UUID, now: datetime = NOON) -> tuple[Enrolment, list[Event]]:
    return await do(pool, seats.accept_offer, AcceptOffer(cohort_id=cohort.cohort_id, maker_id=maker), now)


async def refuse(pool: Pool, cohort: Cohort, maker: UUID, now: datetime = NOON) -> tuple[Seats, list[Event]]:
    return await do(pool, seats.refuse_offer, RefuseOffer(cohort_id=cohort.cohort_id, maker_id=maker), now)


async def set_capacity(pool: Pool, cohort: Cohort, capacity: int) -> tuple[Seats, list[Event]]:
    return await do(pool, seats.set_capacity, SetCapacity(cohort_id=cohort.cohort_id, capacity=capacity))


async def expire(pool: Pool, now: datetime) -> list[Event]:
    """As the job does it: one cohort after the other until none is left."""
    told: list[Event] = []
    more = True
    while more:
        async with pool.acquire() as tx, tx.transaction():
            more, events = await seats.expire_next(tx, now)
        told += events
    return told


async def standing(pool: Pool, cohort: Cohort) -> dict[UUID, tuple[str, int | None]]:
    """State and position of everybody who has ever applied."""
    return {one.maker_id: (one.state, one.position) for one in (await look_at(pool, cohort)).enrolments}
