"""Three small services under the names of real ones: just enough to answer what the tests ask."""

import asyncio
from collections.abc import Sequence
from typing import Any

from shared.contracts.catalog import GetLabels
from shared.contracts.message import Document, Event
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.training import (
    Certificate,
    CohortCompletion,
    CompleteCohort,
    GetCertificate,
    ListMakers,
    Makers,
    RegisterRusun,
    Rusun,
)
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome
from shared.runtime.service import Service

asked: list[Received[Any]] = []
"""Every request that came, in order."""


async def register_rusun(command: Received[RegisterRusun], tx: Tx) -> tuple[Rusun, list[Event]]:
    asked.append(command)
    if command.data.code == "taken":
        raise Rejected("rusun_exists", "there is a rusun of this code", candidates=["taken-2"])
    if command.data.code == "broken":
        raise ZeroDivisionError("a secret of the inside")
    return Rusun(**command.data.model_dump() | {"name": f"{command.data.name} ({len(asked)})"}), []


async def complete_cohort(command: Received[CompleteCohort], tx: Tx) -> tuple[CohortCompletion, list[Event]]:
    asked.append(command)
    return CohortCompletion(cohort_id=command.data.cohort_id, certificates=[], not_completed=[], reasons=[]), []


async def list_makers(query: Received[ListMakers], tx: Tx) -> Makers:
    asked.append(query)
    if query.data.rusun == "slow":
        await asyncio.sleep(1)
    return Makers(items=[], next=f"after-{query.data.limit}")


async def get_certificate(query: Received[GetCertificate], tx: Tx) -> Certificate:
    asked.append(query)
    raise NotFound("certificate_unknown", "no certificate of this number")


PAGE = bytes(range(256)) * 400
"""Every byte there is, more than one read of a socket takes."""


async def get_labels(query: Received[GetLabels], tx: Tx) -> Document:
    asked.append(query)
    if query.data.sku == "none":
        raise NotFound("product_unknown", "no product none")
    return Document(media_type="application/pdf", filename=f"labels-{query.data.sku}.pdf", content=PAGE)


async def keep_quiet(batch: Sequence[Received[Any]], tx: Tx) -> list[Outcome]:
    heard.extend(batch)
    return []


heard: list[Received[Any]] = []
"""Every event that sales took."""

TRAINING = Service(
    "training",
    events=dict.fromkeys(SUBSCRIPTIONS["training"], keep_quiet),
    commands={RegisterRusun: register_rusun, CompleteCohort: complete_cohort},
    queries={ListMakers: list_makers, GetCertificate: get_certificate},
)
CATALOG = Service(
    "catalog", events=dict.fromkeys(SUBSCRIPTIONS["catalog"], keep_quiet), queries={GetLabels: get_labels}
)
SALES = Service("sales", events=dict.fromkeys(SUBSCRIPTIONS["sales"], keep_quiet))
