"""The requests that every service answers: an operator's about what is parked, consumers' about what was sent."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.message import Command, Query
from shared.contracts.operations import (
    ChooseParked,
    CorrectParked,
    DiscardParked,
    GetDigests,
    GetParked,
    ListComparisons,
    ListLogged,
    ListParked,
    RedriveAll,
    RedriveParked,
    ResendEvents,
    SummariseReasons,
)
from shared.errors import Reason
from shared.runtime.operations import digests
from shared.runtime.operations.commands import Desk
from shared.runtime.operations.views import Views
from shared.runtime.redrive import Redriver
from shared.runtime.responder import CommandHandler, QueryHandler


def commands(
    service: str, reasons: Mapping[str, Reason], redriver: Redriver
) -> dict[type[Command[Any]], CommandHandler]:
    desk = Desk(service, Views(reasons), redriver)
    return {
        RedriveParked: desk.redrive,
        RedriveAll: desk.redrive_all,
        CorrectParked: desk.correct,
        ChooseParked: desk.choose,
        DiscardParked: desk.discard,
        ResendEvents: digests.resend_events,
    }


def queries(reasons: Mapping[str, Reason]) -> dict[type[Query[Any]], QueryHandler]:
    views = Views(reasons)
    return {
        ListParked: views.list_parked,
        GetParked: views.get_parked,
        SummariseReasons: views.summarise_reasons,
        GetDigests: digests.get_digests,
        ListLogged: digests.list_logged,
        ListComparisons: digests.list_comparisons,
    }
