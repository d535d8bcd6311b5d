"""Keeps a maker's NIK: encrypted at rest, compared by a fingerprint, shown by its last four digits."""

import base64
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class SealedNik:
    """`sealed` is nonce + AES-256-GCM text, bound to the maker; `fingerprint` is the same for the same NIK."""

    sealed: bytes
    fingerprint: bytes
    last_four: str


class Vault:
    """One key in, two keys derived: what encrypts never fingerprints."""

    def __init__(self, key: bytes, nonce: Callable[[], bytes] = lambda: os.urandom(NONCE_BYTES)) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the NIK key has {len(key)} bytes, not {KEY_BYTES}")
        self._cipher = AESGCM(_derived(key, b"karya nik encryption 1"))
        self._fingerprint_key = _derived(key, b"karya nik fingerprint 1")
        self._nonce = nonce

    @classmethod
    def of(cls, setting: str) -> "Vault | None":
        """From the base64 setting; None when there is none. Raises ValueError for what is no key."""
        return cls(base64.b64decode(setting, validate=True)) if setting else None

    def seal(self, nik: str, maker_id: UUID) -> SealedNik:
        """Encrypts a NIK so that it opens only for this maker."""
        nonce = self._nonce()
        text = self._cipher.encrypt(nonce, nik.encode(), maker_id.bytes)
        fingerprint = hmac.digest(self._fingerprint_key, nik.encode(), "sha256")
        return SealedNik(nonce + text, fingerprint, nik[-4:])

    def reveal(self, sealed: bytes, maker_id: UUID) -> str:
        """The NIK. Raises cryptography's InvalidTag when it was changed or belongs to another maker."""
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, text, maker_id.bytes).decode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
