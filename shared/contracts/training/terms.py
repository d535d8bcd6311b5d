"""The words that training teaches the others."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

Minutes = Annotated[int, Field(strict=True, ge=0, le=24 * 60)]

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,63}$")]
"""How an order or a cohort is called in lists: a number, never a person's name."""


class Craft(StrEnum):
    """What is taught and made. `BUSINESS` is the class for beginner entrepreneurs; it makes no products."""

    BATIK = "batik"
    EMBROIDERY = "embroidery"
    KNITTING = "knitting"
    SEWING = "sewing"
    WEAVING = "weaving"
    NEWSPAPER_MINIATURES = "newspaper-miniatures"
    BUSINESS = "business"


class Purpose(StrEnum):
    """What a maker may consent to, each by itself.

    `CATALOGUE_PHOTO`: photos that show her; `PUBLIC_NAME`: her name and story on public pages; `PRICE_PARTS`: what she
    gets of a price, there.
    """

    TRAINING = "training"
    NOTICES = "notices"
    CATALOGUE_PHOTO = "catalogue-photo"
    PUBLIC_NAME = "public-name"
    PRICE_PARTS = "price-parts"
    LOAN_SHARING = "loan-sharing"


class Language(StrEnum):
    INDONESIAN = "id"
    ENGLISH = "en"


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left-early"
    EXCUSED = "excused"
    ABSENT = "absent"


class ProposalKind(StrEnum):
    ORDER = "order"
    REMEDIAL_SESSION = "remedial-session"


class ProposalOutcome(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
