"""Progress, accompaniment and proposals: which message goes to which handler."""

from collections.abc import Mapping
from typing import Any

from services.training import jobs
from services.training.handlers import accompaniment, income, progress, proposals
from services.training.views import accompaniment as accompaniment_views
from services.training.views import income as income_views
from services.training.views import progress as progress_views
from services.training.views import proposals as proposal_views
from shared.contracts.catalog import ChangesRequested, ProductRejected
from shared.contracts.message import Command, Event, Query
from shared.contracts.sales import MakersEarned
from shared.contracts.training import accompaniment as accompanying
from shared.contracts.training import progress as progressing
from shared.contracts.training import proposals as proposing
from shared.runtime.handler import BatchHandler
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.runtime.service import Job

EVENTS: Mapping[type[Event], BatchHandler] = {
    MakersEarned: income.learn_income,
    ChangesRequested: income.learn_sent_back,
    ProductRejected: income.learn_sent_back,
}
COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    progressing.SetProgrammeSteps: progress.set_programme_steps,
    progressing.RecordStep: progress.record_step,
    progressing.WithdrawStep: progress.withdraw_step,
    accompanying.AssignCompanion: accompaniment.assign_companion,
    accompanying.SetCohortCompanion: accompaniment.set_cohort_companion,
    accompanying.SetRusunCompanion: accompaniment.set_rusun_companion,
    accompanying.RecordVisit: accompaniment.record_visit,
    accompanying.WithdrawVisit: accompaniment.withdraw_visit,
    accompanying.FinishNextStep: accompaniment.finish_next_step,
    accompanying.DropNextStep: accompaniment.drop_next_step,
    proposing.Propose: proposals.propose,
    proposing.AnswerProposal: proposals.answer_proposal,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    progressing.ListProgrammeSteps: progress_views.list_programme_steps,
    progressing.GetProgress: progress_views.get_progress,
    progressing.GetFunnel: progress_views.get_funnel,
    accompanying.GetAccompaniment: accompaniment_views.get_accompaniment,
    accompanying.GetAgenda: accompaniment_views.get_agenda,
    accompanying.ListUnaccompanied: accompaniment_views.list_unaccompanied,
    accompanying.ListWithoutIncome: income_views.list_without_income,
    proposing.ListCandidates: proposal_views.list_candidates,
    proposing.GetProposal: proposal_views.get_proposal,
    proposing.ListProposals: proposal_views.list_proposals,
}
JOBS = (
    Job("without_income", jobs.find_without_income, every=3600.0, gives_way=True),
    Job("expire_proposals", jobs.expire_proposals, every=600.0, gives_way=True),
)
