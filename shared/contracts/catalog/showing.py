"""Products in full: their stories, whether they are offered, how they are found, handed out and told to buyers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.catalog.photos import Photo
from shared.contracts.catalog.replies import Product
from shared.contracts.catalog.terms import Serial
from shared.contracts.message import Command, Document, Name, Part, Query, Rupiah, Sku, Text, Why
from shared.contracts.training import Craft

State = Literal["active", "paused", "retired"]
Amount = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
"""Whole rupiah, also where it can only come as text: in a query."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Filter(Part):
    """Which products: all that is given must fit. `q`: words, or how they begin, in Indonesian or English.

    `technique`: as it is written, small or large letters. Prices: those of now, both ends included.
    """

    q: Words | None = None
    craft: Craft | None = None
    technique: Name | None = None
    maker_id: UUID | None = None
    state: State | None = None
    price_from: Amount | None = None
    price_to: Amount | None = None


class TellStory(Command[Product], wire="catalog.TellStory.v1"):
    """What buyers read behind the QR code, in either language; what is left out is taken away.

    Buyers see it as long as all its makers agree to be named.
    """

    sku: Sku
    story_id: Text | None = None
    story_en: Text | None = None


class PauseProduct(Command[Product], wire="catalog.PauseProduct.v1"):
    """It is not offered for now. What tills sell of it is recorded as ever."""

    sku: Sku
    reason: Why


class ResumeProduct(Command[Product], wire="catalog.ResumeProduct.v1"):
    """It is offered again."""

    sku: Sku
    reason: Why


class RetireProduct(Command[Product], wire="catalog.RetireProduct.v1"):
    """It is never offered again. What tills still sell of it is recorded as ever."""

    sku: Sku
    reason: Why


class ExportCsv(Query[Document], Filter, wire="catalog.ExportCsv.v1"):
    """The products as a table: UTF-8 with a byte order mark, commas, one line each; 20000 at most.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """


class ExportJson(Query[Document], Filter, wire="catalog.ExportJson.v1"):
    """The products as a file: `{"products": [...]}`, each as it is shown; 20000 at most."""


class Story(Part):
    """What the catalog knows of a product or of one piece of it, for its buyer. Nobody is named here.

    `photos`: those that are not hidden, as far as the catalog knows.
    """

    sku: Sku
    serial: Serial | None
    title: Name
    craft: Craft
    technique: str
    material: str
    hours: int
    story_id: str | None
    story_en: str | None
    price: Rupiah
    makers: list[UUID]
    photos: list[Photo]


class GetStory(Query[Story], wire="catalog.GetStory.v1"):
    """Of the piece with this serial, or of the product with this SKU."""

    code: Annotated[str, StringConstraints(max_length=64)]
