"""A cohort as a whole: what is taught, when, by whom, and who is in it."""

from uuid import UUID

from services.training.domain.clashes import find_clashes, of_cohort
from services.training.domain.completion import required_minutes
from services.training.domain.courses import materials_needed
from services.training.domain.planning import too_small
from services.training.storage.clashes import list_slots_around
from shared.contracts.training import Cohort, CohortTrainer, EnrolmentView, Remark, SessionView
from shared.contracts.training.teaching import Material, MaterialNeeded
from shared.db import Row, Tx


async def get_cohort(tx: Tx, cohort_id: UUID) -> Cohort | None:
    """With its sessions by number; makers with a seat first, then offers, the waiting line, and those who left."""
    row = await tx.fetchrow(
        """
        SELECT c.cohort_id, c.craft, c.title, c.rusun, c.trainer, c.capacity, c.required_share, c.completed_at,
               c.curriculum, c.curriculum_version, c.place, c.offer_seconds,
               c.practical_required,
               coalesce(k.materials, '[]'::jsonb) AS materials
        FROM cohort c
        LEFT JOIN curriculum k ON (k.code, k.version) = (c.curriculum, c.curriculum_version)
        WHERE c.cohort_id = $1
        """,
        cohort_id,
    )
    if row is None:
        return None
    return Cohort(
        **{**row, "materials": _materials(row)},
        trainers=await _list_trainers(tx, cohort_id),
        sessions=await list_sessions(tx, cohort_id),
        enrolments=await _list_enrolments(tx, cohort_id, row["required_share"]),
        clashes=of_cohort(find_clashes(await list_slots_around(tx, cohort_id)), cohort_id),
        warnings=await list_warnings(tx, cohort_id),
    )


async def list_warnings(tx: Tx, cohort_id: UUID) -> list[Remark]:
    """Of each place in which a session is still to be held, and which has less room than the cohort has seats."""
    rows = await tx.fetch(
        """
        SELECT p.code, p.capacity AS room, c.capacity AS seats
        FROM cohort c
        JOIN place p ON p.capacity < c.capacity
        WHERE c.cohort_id = $1
          AND EXISTS (
              SELECT FROM session s WHERE s.cohort_id = c.cohort_id AND s.place = p.code AND s.completed_at IS NULL
          )
        ORDER BY p.code
        """,
        cohort_id,
    )
    return [too_small(**row) for row in rows]


async def list_sessions(tx: Tx, cohort_id: UUID) -> list[SessionView]:
    """Those that are planned or were held, and those that were cancelled."""
    rows = await tx.fetch(
        """
        SELECT session_id, number, planned_start, planned_minutes, actual_start, actual_minutes, completed_at,
               title, place, NULL AS cancelled_at, NULL AS cancel_reason,
               ARRAY (
                   SELECT trainer_id FROM session_trainer t WHERE t.session_id = s.session_id ORDER BY t.number
               ) AS trainers
        FROM session s
        WHERE cohort_id = $1
        UNION ALL
        SELECT session_id, number, planned_start, planned_minutes, NULL, NULL, NULL,
               title, place, cancelled_at, reason, trainers
        FROM cancelled_session
        WHERE cohort_id = $1
        ORDER BY number
        """,
        cohort_id,
    )
    return [SessionView(**row) for row in rows]


def _materials(row: Row) -> list[MaterialNeeded]:
    materials = [Material.model_validate(material) for material in row["materials"]]
    return materials_needed(materials, row["capacity"])


async def _list_trainers(tx: Tx, cohort_id: UUID) -> list[CohortTrainer]:
    rows = await tx.fetch(
        """
        SELECT trainer_id, t.name
        FROM cohort_trainer c
        JOIN trainer t USING (trainer_id)
        WHERE c.cohort_id = $1
        ORDER BY c.number
        """,
        cohort_id,
    )
    return [CohortTrainer(**row) for row in rows]


async def _list_enrolments(tx: Tx, cohort_id: UUID, required_share: int) -> list[EnrolmentView]:
    rows = await tx.fetch(
        """
        SELECT e.maker_id, e.state, e.position, e.offer_expires_at, i.number AS certificate, p.minutes, p.taught
        FROM enrolment e
        JOIN progress p USING (cohort_id, maker_id)
        LEFT JOIN certificate i ON i.cohort_id = e.cohort_id AND i.maker_id = e.maker_id AND i.state = 'valid'
        WHERE e.cohort_id = $1
        ORDER BY e.state IN ('cancelled', 'expired'), e.state = 'offered' OR e.position IS NOT NULL,
                 e.position NULLS FIRST, e.enrolled_at, e.maker_id
        """,
        cohort_id,
    )
    return [EnrolmentView(**row, required_minutes=required_minutes(row["taught"], required_share)) for row in rows]
