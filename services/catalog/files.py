"""The folder that all replicas share: files under the hash of what is in them, whole or not there."""

import os
import time
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from shared.errors import Unavailable

SUFFIX, UNFINISHED = ".jpg", ".part"


class Files:
    """Its methods wait for a disk: they are for threads."""

    def __init__(self, folder: str) -> None:
        """`folder`: empty when none was set; then nothing can be kept."""
        self._folder = folder

    def put(self, content: bytes) -> str:
        """The name that it can be had by. The same content has one file. Raises Unavailable."""
        name = sha256(content).hexdigest()
        path = self._path(name)
        unfinished = path.with_name(f"{uuid4().hex}{UNFINISHED}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise Unavailable("files_away", "photos cannot be kept now") from error
        return name

    def get(self, name: str) -> bytes:
        """Raises Unavailable, also when it is not there: somebody has taken the folder away."""
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise Unavailable("files_away", "photos cannot be read now") from error

    def list_names(self, older_than: float) -> list[str]:
        """Of files that were written so many seconds ago or earlier; leftovers of a crash are deleted on the way."""
        if not self._folder:
            return []
        before = time.time() - older_than
        names = []
        for path in self._old(before):
            if path.suffix == SUFFIX:
                names.append(path.stem)
            elif path.suffix == UNFINISHED:
                path.unlink(missing_ok=True)
        return names

    def remove(self, names: Collection[str]) -> None:
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def _old(self, before: float) -> Iterator[Path]:
        for path in Path(self._folder).glob("??/*"):
            try:
                if path.stat().st_mtime <= before:
                    yield path
            except FileNotFoundError:
                continue  # another replica was quicker

    def _path(self, name: str) -> Path:
        if not self._folder:
            raise Unavailable("files_away", "no folder for photos is set (KARYA_FILES)")
        return Path(self._folder) / name[:2] / f"{name}{SUFFIX}"
