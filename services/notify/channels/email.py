"""E-mail over SMTP, encrypted when the server offers it."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from services.notify.channels import Message, Undeliverable
from shared.contracts.training import Contact

TIMEOUT = 5.0
"""Seconds for each step of the talk with the server."""


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """One message a connection: a server that hangs holds up nobody else."""

    name: ClassVar[str] = "email"
    host: str
    port: int
    sender: str
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> "EmailChannel":
        """From `smtp://user:password@host:port?from=address`; `smtps://` is encrypted from the start.

        Raises ValueError that says what is missing.
        """
        parts = urlsplit(url)
        sender = parse_qs(parts.query).get("from", [""])[0]
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
            raise ValueError("the SMTP URL is smtp://user:password@host:port?from=address")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 587),
            sender=sender,
            tls=tls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    def reaches(self, contact: Contact) -> bool:
        return contact.email is not None

    async def send(self, message: Message) -> None:
        try:
            await aiosmtplib.send(
                self._letter(message),
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.tls,
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code
            raise Undeliverable(f"recipient_refused_{code}", permanent=code >= 500) from None
        except aiosmtplib.SMTPDataError as error:
            raise Undeliverable(f"message_refused_{error.code}", permanent=error.code >= 500) from None
        # Whatever else the server says (a wrong password, a sender it does not like) is not this message's fault.
        except aiosmtplib.SMTPResponseException as error:
            raise Undeliverable(f"server_refused_{error.code}", permanent=False) from None
        except (aiosmtplib.SMTPException, OSError):
            raise Undeliverable("server_away", permanent=False) from None

    def _letter(self, message: Message) -> EmailMessage:
        """Its Message-ID is the notice's: a mailbox that gets the notice again sees the same message."""
        letter = EmailMessage()
        letter.set_content(message.text)
        letter["Message-ID"] = f"<{message.notice_id}@{self.sender.rpartition('@')[2]}>"
        letter["Date"] = format_datetime(message.at)
        letter["From"] = self.sender
        letter["To"] = message.contact.email
        letter["Subject"] = message.text.splitlines()[0]
        letter["Content-Language"] = message.contact.language.value
        letter["Auto-Submitted"] = "auto-generated"
        return letter
