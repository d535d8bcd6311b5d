"""Where products come from: the submission that was approved, and of which craft it is."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Moment, Part, Query, Sku
from shared.contracts.training import Craft


class Origin(Part):
    sku: Sku
    submission_id: UUID
    craft: Craft
    submitted_at: Moment
    approved_at: Moment


class Origins(Part):
    items: list[Origin]


class GetOrigins(Query[Origins], wire="catalog.GetOrigins.v1"):
    """For papers that follow a piece back. What is no product is left out."""

    skus: Annotated[list[Sku], Field(max_length=500)]
