"""What a process and all that it started have used: from /proc, so on Linux only."""

from dataclasses import dataclass
from os import sysconf
from pathlib import Path

PROC = Path("/proc")
TICKS = sysconf("SC_CLK_TCK")
PARENT, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 1, 11, 12, 13, 14
"""Fields of /proc/<pid>/stat behind the program's name."""


@dataclass(frozen=True, slots=True)
class Use:
    """`cpu`: seconds since the tree's processes began; `memory`: bytes, shared pages counted once."""

    cpu: float
    memory: int


def use_of(root: int) -> Use | None:
    """Of a living process's tree, children that have ended included; None where there is no /proc."""
    stats = _stats()
    if root not in stats:
        return None
    tree = _tree(root, {pid: int(stat[PARENT]) for pid, stat in stats.items()})
    ticks = sum([_ticks(stats[pid]) for pid in tree])
    return Use(ticks / TICKS, sum([_memory(pid) for pid in tree]))


def _stats() -> dict[int, list[str]]:
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            found[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
    return found


def _tree(root: int, parents: dict[int, int]) -> set[int]:
    tree, fresh = {root}, {root}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - tree
        tree |= fresh
    return tree


def _ticks(stat: list[str]) -> int:
    return sum([int(stat[field]) for field in (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM)])


def _memory(pid: int) -> int:
    """The proportional set size: a page that n processes share counts a n-th for each."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
