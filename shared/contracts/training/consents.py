"""What makers agree to: said, taken back, looked up, and what may be shown of them in public."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Command, Moment, Name, Page, Part, Query, Text
from shared.contracts.training.terms import Craft, Purpose


class ConsentChange(Part):
    """What stands now. `changed`: whether anything is different from before; `since` when it has stood."""

    maker_id: UUID
    purpose: Purpose
    granted: bool
    changed: bool
    since: Moment | None


class ChangeConsent(Command[ConsentChange], wire="training.ChangeConsent.v1"):
    """A maker agrees to something, or takes it back. `note`: how she said so. To say it again changes nothing."""

    maker_id: UUID
    purpose: Purpose
    granted: bool
    note: Text | None = None


class ConsentEntry(Part):
    """One line of the ledger of consents: what she said, and who wrote it down when."""

    purpose: Purpose
    granted: bool
    at: Moment
    by: Name
    note: str | None


class ConsentHistory(Part):
    items: list[ConsentEntry]
    next: str | None


class ListConsents(Page[ConsentHistory], wire="training.ListConsents.v1"):
    """All that a maker ever agreed to and took back, the newest first."""

    maker_id: UUID


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
