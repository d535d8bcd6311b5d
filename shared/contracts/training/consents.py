"""What may be shown of makers in public."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Part, Query
from shared.contracts.training.terms import Craft


class PublicName(Part):
    """What may be shown of a maker in public now. Without her consent to it she has no name, no rusun and no crafts.

    `crafts`: what she holds a certificate for. `may_show_photo`: photos that show her; `may_show_price_parts`: what she
    gets of a price.
    """

    maker_id: UUID
    name: str | None
    rusun_name: str | None
    crafts: list[Craft]
    may_show_photo: bool
    may_show_price_parts: bool


class PublicNames(Part):
    items: list[PublicName]


class GetPublicNames(Query[PublicNames], wire="training.GetPublicNames.v1"):
    """For those who show makers to the public, at the moment of showing. Whom nobody knows is left out."""

    maker_ids: Annotated[list[UUID], Field(max_length=500)]
