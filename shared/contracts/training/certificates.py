"""Certificates, as anybody who holds a number may see them."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.contracts.message import Day, Name, Part, Query
from shared.contracts.training.terms import Craft


class Verification(Part):
    """`replaced_by`: the number of the one that stands in its place. `name`: hers, if she agrees to be named."""

    number: str
    state: Literal["valid", "superseded", "revoked"]
    replaced_by: str | None
    craft: Craft
    title: Name
    minutes: int
    issued_on: Day
    name: str | None


class VerifyCertificate(Query[Verification], wire="training.VerifyCertificate.v1"):
    """For the public page on which a certificate is verified."""

    number: Annotated[str, StringConstraints(max_length=64)]
