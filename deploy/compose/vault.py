"""Where every secret of an installation is kept, and how a file of it is written for one reader."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

OWNER_ONLY = 0o400


def mint_password() -> str:
    """256 random bits that need no escaping in a URL."""
    return secrets.token_urlsafe(32)


class Vault:
    """A directory whose files only their maker reads. A secret is minted when first asked for and never replaced."""

    def __init__(self, root: Path) -> None:
        self._minted = root / "minted"
        self._given = root / "given"

    def secret(self, name: str, mint: Callable[[], str] = mint_password) -> str:
        """The secret of this name: the one from an earlier start if there was one."""
        file = self._minted / name
        if not file.exists():
            write_file(file, mint(), mode=OWNER_ONLY)
        return file.read_text()

    def give(self, consumer: str, name: str, text: str) -> None:
        """Keeps a secret that a person brings, such as a mail server's URL; a later one replaces it."""
        write_file(self._given / consumer / name, text, mode=OWNER_ONLY)

    def given(self) -> Iterator[tuple[str, str, str]]:
        """Consumer, name and text of every secret that a person brought."""
        for file in sorted(self._given.glob("*/*")):
            yield file.parent.name, file.name, file.read_text()


def write_file(file: Path, text: str, *, mode: int, owner: int | None = None) -> None:
    """Replaces the file in one step: a container that starts meanwhile reads the old one or the new one.

    Only root can make another account the owner; without one it is the writer's.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
        os.fchmod(out.fileno(), mode)
        if owner is not None:
            os.fchown(out.fileno(), owner, owner)
        os.fsync(out.fileno())
    draft.replace(file)
