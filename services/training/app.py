"""Training's wiring: which request goes to which handler."""

from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any, TypeVar

from services.training import accompanying
from services.training.handlers import amendments, attendance, certificates, completion, courses, people
from services.training.vault import Vault
from services.training.views import certificates as certificates_views
from services.training.views import completion as completion_views
from services.training.views import courses as courses_views
from services.training.views import people as people_views
from services.training.views import sessions as sessions_views
from shared.contracts.message import Event
from shared.contracts.training import (
    AmendSession,
    CompleteCohort,
    CompleteSession,
    Enrol,
    GetCertificate,
    GetCertificateFile,
    GetCohort,
    GetCompletion,
    GetContacts,
    GetMaker,
    GetOverruns,
    GetSession,
    ListAmendments,
    ListMakers,
    Maker,
    OpenCohort,
    RecordAttendance,
    RecordPractical,
    RegisterMaker,
    RegisterRusun,
    ReissueCertificate,
    RevokeCertificate,
    VerifyCertificate,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.service import Service
from shared.settings import read_settings

R = TypeVar("R")


@cache
def open_vault() -> Vault | None:
    """This process's vault; None when no key is set. Raises ValueError for a key that is none."""
    return Vault.of(read_settings().nik_key)


@cache
def public_url() -> str:
    """Where people reach this house."""
    return read_settings(database_url="", amqp_url="").public_url


def at_home(handle: Callable[[Received[Any], Tx, str], Awaitable[R]]) -> Callable[[Received[Any], Tx], Awaitable[R]]:
    """Tells a handler where people reach this house, which it must not look for itself."""

    @wraps(handle)
    async def told(message: Received[Any], tx: Tx) -> R:
        return await handle(message, tx, public_url())

    return told


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
        AmendSession: amendments.amend_session,
        CompleteCohort: completion.complete_cohort,
        **accompanying.COMMANDS,
        RecordPractical: completion.record_practical,
        ReissueCertificate: certificates.reissue_certificate,
        RevokeCertificate: certificates.revoke_certificate,
    },
    queries={
        ListMakers: people_views.list_makers,
        GetMaker: people_views.get_maker,
        GetContacts: people_views.get_contacts,
        GetCohort: courses_views.get_cohort,
        GetSession: sessions_views.get_session,
        ListAmendments: sessions_views.list_amendments,
        GetOverruns: sessions_views.get_overruns,
        GetCompletion: completion_views.get_completion,
        GetCertificate: certificates_views.get_certificate,
        **accompanying.QUERIES,
        GetCertificateFile: at_home(certificates_views.get_certificate_file),
        VerifyCertificate: certificates_views.verify_certificate,
    },
    jobs=accompanying.JOBS,
)
