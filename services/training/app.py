"""Training's wiring: which request goes to which handler."""

from functools import cache
from typing import TypeVar

from services.training import accompanying
from services.training.handlers import (
    amendments,
    anonymising,
    attendance,
    certificates,
    completion,
    consents,
    contacts,
    courses,
    homes,
    imports,
    people,
    planning,
    seats,
    teaching,
)
from services.training.vault import Vault
from services.training.views import certificates as certificates_views
from services.training.views import clashes as clashes_views
from services.training.views import completion as completion_views
from services.training.views import consents as consent_views
from services.training.views import courses as courses_views
from services.training.views import finding as finding_views
from services.training.views import homes as home_views
from services.training.views import learning as learning_views
from services.training.views import people as people_views
from services.training.views import sessions as sessions_views
from services.training.views import teaching as teaching_views
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
    MakerWritten,
    OpenCohort,
    RecordAttendance,
    RecordPractical,
    RegisterMaker,
    RegisterRusun,
    ReissueCertificate,
    RevokeCertificate,
    VerifyCertificate,
)
from shared.contracts.training.clashes import ListClashes
from shared.contracts.training.consents import ChangeConsent, GetPublicNames, ListConsents
from shared.contracts.training.finding import ListEnrolments, ListSessions
from shared.contracts.training.imports import ImportMakers, ImportReport
from shared.contracts.training.learning import GetLearning
from shared.contracts.training.names import GetNames
from shared.contracts.training.people import AnonymiseMaker, ChangeContact, ListHomes, ListRusun, MoveMaker
from shared.contracts.training.planning import ListCohorts, ReplanSession, SetTrainers
from shared.contracts.training.seats import AcceptOffer, CancelEnrolment, RefuseOffer, SetCapacity
from shared.contracts.training.teaching import (
    ListCurricula,
    ListPlaces,
    ListTrainers,
    RegisterPlace,
    RegisterTrainer,
    SetTrainerAccount,
    WriteCurriculum,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.home import at_home
from shared.runtime.service import Job, Service
from shared.settings import read_settings

R = TypeVar("R")


@cache
def open_vault() -> Vault | None:
    """This process's vault; None when no key is set. Raises ValueError for a key that is none."""
    return Vault.of(read_settings().nik_key)


async def register_maker(command: Received[RegisterMaker], tx: Tx) -> tuple[MakerWritten, list[Event]]:
    """Hands the handler what it must not look for itself."""
    return await people.register_maker(command, tx, vault=open_vault())


async def change_contact(command: Received[ChangeContact], tx: Tx) -> tuple[MakerWritten, list[Event]]:
    """As `register_maker`."""
    return await contacts.change_contact(command, tx, vault=open_vault())


async def import_makers(command: Received[ImportMakers], tx: Tx) -> tuple[ImportReport, list[Event]]:
    """As `register_maker`."""
    return await imports.import_makers(command, tx, vault=open_vault())


service = Service(
    "training",
    events=accompanying.EVENTS,
    commands={
        RegisterRusun: people.register_rusun,
        RegisterMaker: register_maker,
        ImportMakers: import_makers,
        ChangeContact: change_contact,
        ChangeConsent: consents.change_consent,
        MoveMaker: homes.move_maker,
        AnonymiseMaker: anonymising.anonymise_maker,
        OpenCohort: courses.open_cohort,
        ReplanSession: planning.replan_session,
        SetTrainers: planning.set_trainers,
        Enrol: courses.enrol,
        CancelEnrolment: seats.cancel_enrolment,
        SetCapacity: seats.set_capacity,
        AcceptOffer: seats.accept_offer,
        RefuseOffer: seats.refuse_offer,
        RegisterTrainer: teaching.register_trainer,
        SetTrainerAccount: teaching.set_trainer_account,
        RegisterPlace: teaching.register_place,
        WriteCurriculum: teaching.write_curriculum,
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
        GetNames: people_views.get_names,
        GetLearning: learning_views.get_learning,
        ListRusun: home_views.list_rusun,
        ListHomes: home_views.list_homes,
        ListConsents: consent_views.list_consents,
        GetPublicNames: consent_views.get_public_names,
        GetCohort: courses_views.get_cohort,
        ListCohorts: courses_views.list_cohorts,
        ListClashes: clashes_views.list_clashes,
        ListSessions: finding_views.list_sessions,
        ListEnrolments: finding_views.list_enrolments,
        ListTrainers: teaching_views.list_trainers,
        ListPlaces: teaching_views.list_places,
        ListCurricula: teaching_views.list_curricula,
        GetSession: sessions_views.get_session,
        ListAmendments: sessions_views.list_amendments,
        GetOverruns: sessions_views.get_overruns,
        GetCompletion: completion_views.get_completion,
        GetCertificate: certificates_views.get_certificate,
        **accompanying.QUERIES,
        GetCertificateFile: at_home(certificates_views.get_certificate_file),
        VerifyCertificate: certificates_views.verify_certificate,
    },
    jobs=[Job("offers", seats.end_due_offers, every=1.0), *accompanying.JOBS],
)
