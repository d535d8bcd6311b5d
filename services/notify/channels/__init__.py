"""The ways out. Each is one file here and one line in the sender."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.contracts.training import Contact


@dataclass(frozen=True, slots=True)
class Message:
    """A notice ready to go. `notice_id` is its idempotency key: the same notice may come twice, never as two.

    The contact and the text are personal: they are kept out of what a log or a traceback would show.
    """

    notice_id: UUID
    maker_id: UUID
    template: str
    contact: Contact = field(repr=False)
    text: str = field(repr=False)
    at: datetime


class Undeliverable(Exception):
    """`reason` is a short code without personal data; `permanent`: trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


class Channel(Protocol):
    """A way to reach makers."""

    @property
    def name(self) -> str: ...

    def reaches(self, contact: Contact) -> bool:
        """Whether it can be used for her at all."""
        ...

    async def send(self, message: Message) -> None:
        """Returns when the message is out of our hands. Raises Undeliverable."""
        ...
