"""Those who teach, where they teach and by which curriculum. Institutions change their names: they are data."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints

from shared.contracts.message import Code, Command, Moment, Name, Page, Part
from shared.contracts.training.terms import Craft

Amount = Annotated[
    Decimal, Field(gt=0, max_digits=9, decimal_places=3), PlainSerializer(float, return_type=float, when_used="json")
]
"""So much of a material, to a thousandth of its unit."""

PlannedMinutes = Annotated[int, Field(strict=True, ge=15, le=12 * 60)]
Share = Annotated[int, Field(strict=True, ge=1, le=100)]
"""Per cent."""

Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]


class TrainerKind(StrEnum):
    """Trainers come from the industry office or are professional crafters; experts teach business classes."""

    INDUSTRY_OFFICE = "industry-office"
    PROFESSIONAL_CRAFTER = "professional-crafter"
    EXPERT = "expert"


class Trainer(Part):
    """`account`: the name of the key that she judges with, when she is a juror too."""

    trainer_id: UUID
    name: Name
    kind: TrainerKind
    crafts: list[Craft]
    institution: str | None
    account: str | None


class Trainers(Part):
    items: list[Trainer]
    next: str | None


class RegisterTrainer(Command[Trainer], wire="training.RegisterTrainer.v1"):
    """`account`: the name of her juror's key; nobody judges a maker whom she trained."""

    name: Name
    kind: TrainerKind
    crafts: Annotated[list[Craft], Field(min_length=1, max_length=20)]
    institution: Name | None = None
    account: Name | None = None


class SetTrainerAccount(Command[Trainer], wire="training.SetTrainerAccount.v1"):
    """The name of the key that she judges with from now on; it counts for all whom she has trained, too."""

    trainer_id: UUID
    account: Name


class ListTrainers(Page[Trainers], wire="training.ListTrainers.v1"):
    """By name."""

    craft: Craft | None = None
    kind: TrainerKind | None = None


class Place(Part):
    """Where sessions are held."""

    code: Code
    name: Name
    rusun: Code | None
    capacity: int | None


class Places(Part):
    items: list[Place]
    next: str | None


class RegisterPlace(Command[Place], wire="training.RegisterPlace.v1"):
    """`capacity`: for how many people there is room; a cohort with more seats is warned of."""

    code: Code
    name: Name
    rusun: Code | None = None
    capacity: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None


class ListPlaces(Page[Places], wire="training.ListPlaces.v1"):
    """By code."""

    rusun: Code | None = None


class Module(Part):
    """What one session is about."""

    title: Name
    minutes: PlannedMinutes = 180


class Material(Part):
    """`quantity` for each maker, in `unit`."""

    name: Name
    quantity: Amount
    unit: Unit


class MaterialNeeded(Part):
    """For a whole cohort: `total` is `per_person` times its seats."""

    name: str
    unit: str
    per_person: Amount
    total: Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class Curriculum(Part):
    """One version of it, which never changes. `topics` of a business class: pricing, bookkeeping."""

    code: Code
    version: int
    craft: Craft
    title: Name
    sessions: list[Module]
    materials: list[Material]
    required_share: int
    practical_required: bool
    topics: list[str]
    written_at: Moment


class Curricula(Part):
    items: list[Curriculum]
    next: str | None


class WriteCurriculum(Command[Curriculum], wire="training.WriteCurriculum.v1"):
    """A new curriculum, or a new version of the one with this code: what cohorts were opened with stays as it was.

    `required_share`: the per cent of the minutes taught that a maker must attend; `practical_required`: she must also
    hand in a practical piece that is accepted.
    """

    code: Code
    craft: Craft
    title: Name
    sessions: Annotated[list[Module], Field(min_length=1, max_length=60)]
    materials: Annotated[list[Material], Field(max_length=100)] = Field(default_factory=list)
    required_share: Share = 75
    practical_required: bool = False
    topics: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)


class ListCurricula(Page[Curricula], wire="training.ListCurricula.v1"):
    """By code, each in its newest version; with `code`, all versions of that one, the newest first."""

    code: Code | None = None
    craft: Craft | None = None
