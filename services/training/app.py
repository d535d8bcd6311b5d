"""Training's wiring: which request goes to which handler."""

from functools import cache

from services.training import accompanying
from services.training.handlers import attendance, completion, courses, people
from services.training.vault import Vault
from services.training.views import certificates as certificates_views
from services.training.views import courses as courses_views
from services.training.views import people as people_views
from shared.contracts.message import Event
from shared.contracts.training import (
    CompleteCohort,
    CompleteSession,
    Enrol,
    GetCertificate,
    GetCohort,
    GetContacts,
    GetMaker,
    ListMakers,
    Maker,
    OpenCohort,
    RecordAttendance,
    RegisterMaker,
    RegisterRusun,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.service import Service
from shared.settings import read_settings


@cache
def open_vault() -> Vault | None:
    """This process's vault; None when no key is set. Raises ValueError for a key that is none."""
    return Vault.of(read_settings().nik_key)


async def register_maker(command: Received[RegisterMaker], tx: Tx) -> tuple[Maker, list[Event]]:
    """Hands the handler what it must not look for itself."""
    return await people.register_maker(command, tx, vault=open_vault())


service = Service(
    "training",
    events=accompanying.EVENTS,
    commands={
        RegisterRusun: people.register_rusun,
        RegisterMaker: register_maker,
        OpenCohort: courses.open_cohort,
        Enrol: courses.enrol,
        RecordAttendance: attendance.record_attendance,
        CompleteSession: attendance.complete_session,
        CompleteCohort: completion.complete_cohort,
        **accompanying.COMMANDS,
    },
    queries={
        ListMakers: people_views.list_makers,
        GetMaker: people_views.get_maker,
        GetContacts: people_views.get_contacts,
        GetCohort: courses_views.get_cohort,
        GetCertificate: certificates_views.get_certificate,
        **accompanying.QUERIES,
    },
    jobs=accompanying.JOBS,
)
