"""What a process has seen happen, written down at once: it may be killed at the next moment."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOOP_ENDED = "a background loop ended by itself"


class Notes:
    """One file for each process: every line is a fact and how often it was."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / f"{name}.notes", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._service = name.partition("-")[0]

    def note(self, what: str, times: int = 1) -> None:
        line = {"at": time.time(), "pid": os.getpid(), "service": self._service, "what": what, "times": times}
        os.write(self._file, json.dumps(line).encode() + b"\n")


def read_all(folder: Path) -> list[dict[str, Any]]:
    """Every note of every process, in the order of time."""
    found = [note for path in folder.glob("*.notes") for note in _read(path)]
    return sorted(found, key=lambda note: note["at"])


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue  # the last words of a process that was killed


def count(notes: list[dict[str, Any]]) -> Counter[str]:
    """How often each thing was seen."""
    counted: Counter[str] = Counter()
    for note in notes:
        counted[note["what"]] += note["times"]
    return counted + Counter(handed_over(notes))


def handed_over(notes: list[dict[str, Any]]) -> dict[str, int]:
    """How often one replica's relay went on where another's had been."""
    last: dict[str, int] = {}
    times = 0
    for note in notes:
        if note["what"] == "relayed":
            times += last.get(note["service"], note["pid"]) != note["pid"]
            last[note["service"]] = note["pid"]
    return {"relay taken over": times}
