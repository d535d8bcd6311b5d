"""Links to statements: who holds one reads the statement. Nothing of a link is stored, so nothing of it can leak."""

import base64
import hmac
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SEAL_BYTES = 16
"""128 bits that nobody guesses."""


class Links:
    """One key for an installation; another key closes every link that was ever given."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key of statements has {len(key)} bytes, not {KEY_BYTES}")
        self._key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"karya statement link 1").derive(key)

    @classmethod
    def of(cls, setting: str) -> "Links | None":
        """From the base64 setting; None when there is none. Raises ValueError for what is no key."""
        return cls(base64.b64decode(setting, validate=True)) if setting else None

    def token(self, statement_id: UUID) -> str:
        """The same whenever it is asked for."""
        return base64.urlsafe_b64encode(statement_id.bytes + self._seal(statement_id.bytes)).decode().rstrip("=")

    def open(self, token: str) -> UUID | None:
        """The statement's id; None for what was never a token of ours."""
        try:
            content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        about, seal = content[:16], content[16:]
        if not hmac.compare_digest(seal, self._seal(about)):
            return None
        # Two texts can be read as the same bytes: only the one that was given is ours.
        statement_id = UUID(bytes=about)
        return statement_id if token == self.token(statement_id) else None

    def url(self, public_url: str, statement_id: UUID) -> str:
        """Where she reads it."""
        return f"{public_url.rstrip('/')}/statements/{self.token(statement_id)}"

    def _seal(self, about: bytes) -> bytes:
        return hmac.digest(self._key, about, "sha256")[:SEAL_BYTES]
