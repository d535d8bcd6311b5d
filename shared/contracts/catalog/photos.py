"""Photos of what makers have made: sent as files, shown only as those they show agree."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from shared.contracts.message import Command, Document, Moment, Part, Query, Sku, Upload, Why

PICTURES = ("image/jpeg", "image/png", "image/webp")
MOST_BYTES = 5 * 1024 * 1024
MOST_SHOWN = 20
"""Makers whom one photo names as shown."""

Size = Literal["web", "thumbnail"]
"""`web`: at most 1600 pixels wide or high; `thumbnail`: at most 400."""

Caption = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


def read_makers(text: str) -> list[UUID]:
    """The ids in a text like `id,id`. Raises ValueError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return list(dict.fromkeys(UUID(part) for part in parts))
    except ValueError:
        raise ValueError("maker ids, separated by commas") from None


def _check_makers(text: str) -> str:
    if len(read_makers(text)) > MOST_SHOWN:
        raise ValueError(f"at most {MOST_SHOWN} makers")
    return text


MakersShown = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_check_makers)]
"""Ids of makers, separated by commas: who can be recognised in the photo. A query has room for a text only."""


class Photo(Part):
    """`shows`: makers who can be recognised. `hidden`: one of them has withdrawn her consent, so nobody sees it."""

    photo_id: UUID
    submission_id: UUID
    caption: str
    shows: list[UUID]
    width: int
    height: int
    hidden: bool
    added_at: Moment


class Photos(Part):
    """In the order in which they were added."""

    items: list[Photo]


class AddPhoto(Upload[Photo], wire="catalog.AddPhoto.v1", accepts=PICTURES, most_bytes=MOST_BYTES):
    """A photo of what was submitted: 8 at most. What it is, is seen from its content; where and how it was taken is
    not kept. `shows`: ids of the makers who can be recognised in it, separated by commas.
    """

    submission_id: UUID
    caption: Caption = ""
    shows: MakersShown = ""


class AddProductPhoto(Upload[Photo], wire="catalog.AddProductPhoto.v1", accepts=PICTURES, most_bytes=MOST_BYTES):
    """As of a submission: a product has the photos of the submission that it was, and 8 with them at most."""

    sku: Sku
    caption: Caption = ""
    shows: MakersShown = ""


class RemovePhoto(Command[Photo], wire="catalog.RemovePhoto.v1"):
    """It is shown nowhere from now on; its files are deleted within about an hour."""

    photo_id: UUID
    reason: Why


class ListPhotos(Query[Photos], wire="catalog.ListPhotos.v1"):
    submission_id: UUID


class GetPhoto(Query[Document], wire="catalog.GetPhoto.v1"):
    """A JPEG without any data on where and how it was taken."""

    photo_id: UUID
    size: Size


class PublicPhoto(Document):
    """A product's photo. Whoever shows it asks first whether `shows` agree, all of them."""

    shows: list[UUID]


class GetPublicPhoto(Query[PublicPhoto], wire="catalog.GetPublicPhoto.v1"):
    """A photo of a product, not of a submission, that nobody's consent hides as far as the catalog knows."""

    photo_id: UUID
    size: Size
