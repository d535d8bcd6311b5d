"""The words that training teaches the others."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.message import Part

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
    """`NOT_APPLICABLE`: the session is none of hers, as those before she enrolled, and never counts against her."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left-early"
    EXCUSED = "excused"
    ABSENT = "absent"
    NOT_APPLICABLE = "not-applicable"


class ProposalKind(StrEnum):
    ORDER = "order"
    REMEDIAL_SESSION = "remedial-session"


class ProposalOutcome(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class CertificateState(StrEnum):
    """`SUPERSEDED`: another one has taken its place. `REVOKED`: it is worth nothing any more."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Lack(StrEnum):
    """What a maker lacks to complete a cohort, and so what helps her.

    `MINUTES`: sessions of another cohort. `PRACTICAL`: to bring her piece, also later. `PRACTICAL_NOT_ACCEPTED`: to
    bring a better one. `SESSIONS`: a seat in the next cohort; none of the sessions was hers.
    """

    MINUTES = "minutes"
    PRACTICAL = "practical"
    PRACTICAL_NOT_ACCEPTED = "practical-not-accepted"
    SESSIONS = "sessions"


class StatusCounts(Part):
    """How many makers a sheet has of each status. To whom a session does not apply, is in none of them."""

    present: int
    late: int
    left_early: int
    excused: int
    absent: int
