"""What every contract class is: frozen data with the name it has on the wire."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar, cast

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError


def worded(words: str) -> WrapValidator:
    """What is wrong in plain words, where a pattern would be told."""

    def check(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        try:
            return read(value)
        except ValidationError:
            # Not from it: it holds the value, which may be somebody's.
            raise PydanticCustomError("worded", "{words}", {"words": words}) from None

    return WrapValidator(check)


class Part(BaseModel):
    """A piece of a message or of a reply: frozen; unknown fields are tolerated: a sender may be newer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Document(Part):
    """A file as a reply. In JSON its `content` is base64; the gateway hands it out as it is."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]+$")]
    filename: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    content: bytes


class Message(Part):
    """Anything with a wire name: `<owner>.<Name>.v<major>`, which is also the routing key."""

    wire: ClassVar[str]
    about: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, wire: str = "", about: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if wire:
            cls.wire, cls.about = wire, about

    @classmethod
    def owner(cls) -> str:
        """The service (or `outlet`) that this message belongs to: the first part of its wire name."""
        return cls.wire.partition(".")[0]


class Event(Message):
    """A fact that has happened, named in the past tense; `about`: the fields that tell of what."""

    @property
    def subject(self) -> str:
        """CloudEvents `subject`: the values of the `about` fields joined by `/`."""
        return "/".join([str(getattr(self, field)) for field in self.about])


Reply = TypeVar("Reply", bound=Part)


class Request(Message, Generic[Reply]):
    """Something asked of one service, which answers with a `Reply` or with a problem."""

    @classmethod
    def reply(cls) -> type[Part]:
        """The class of the answer."""
        for base in cls.__mro__:
            args = getattr(base, "__pydantic_generic_metadata__", {}).get("args") or ()
            if args:
                return cast("type[Part]", args[0])
        raise TypeError(f"{cls.__name__} does not say what it is answered with")


class Command(Request[Reply]):
    """A request to change something. It is done once for each id, whatever is repeated."""


class Upload(Command[Reply]):
    """A command that brings one file: over HTTP the body is the file, what else there is to say is in the query."""

    accepts: ClassVar[tuple[str, ...]]
    most_bytes: ClassVar[int]

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    media_type: Annotated[str, StringConstraints(max_length=100)]
    content: bytes

    def __init_subclass__(cls, accepts: tuple[str, ...] = (), most_bytes: int = 0, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if accepts:
            cls.accepts, cls.most_bytes = accepts, most_bytes


class Query(Request[Reply]):
    """A request to be told something. It changes nothing."""


class Page(Query[Reply]):
    """A query for a list: `limit` items after the opaque `cursor`."""

    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""A short name that people type: an outlet's, a rusun's or a cooperative's code."""

Sku = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
"""The reason that a person gives for what she decides."""

Rupiah = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000_000)]
"""Whole rupiah."""

BasisPoints = Annotated[int, Field(strict=True, ge=0, le=10_000)]
"""Hundredths of a per cent: 2500 is 25 %."""

Wait = Annotated[int, Field(strict=True, ge=0, le=365)]
"""Days that something may take."""

Quantity = Annotated[int, Field(strict=True, ge=1, le=100_000)]
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)]
"""A time with its zone, in a century that every calendar, time zone and database can hold."""

Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=LATEST.date())]
Count = Annotated[int, Field(strict=True, ge=0, le=2**63 - 2)]
"""A number that a machine counts up; after the largest one a range of them can still end."""
