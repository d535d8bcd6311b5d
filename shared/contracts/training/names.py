"""What makers are called, for papers that are about them: asked for at the moment of making, and kept nowhere."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Part, Query


class MakerName(Part):
    """`name` is empty when she has been anonymised."""

    maker_id: UUID
    name: str


class MakerNames(Part):
    items: list[MakerName]


class GetNames(Query[MakerNames], wire="training.GetNames.v1"):
    """Names and nothing else. Whom nobody knows is left out."""

    maker_ids: Annotated[list[UUID], Field(max_length=500)]
