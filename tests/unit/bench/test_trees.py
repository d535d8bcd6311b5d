"""What a process has used is told with all that it started."""

import os
import subprocess
import sys

from deploy.local.bench import trees

LINUX = trees.PROC.exists()
"""Elsewhere nothing is told."""


def test_a_process_that_is_gone_tells_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()

    assert trees.use_of(process.pid) is None


def test_a_child_that_has_worked_and_ended_counts() -> None:
    before = trees.use_of(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)
    after = trees.use_of(os.getpid())

    assert bool(before and after) == LINUX
    assert not (before and after) or after.cpu - before.cpu >= 0.05


def test_a_living_childs_memory_counts() -> None:
    before = trees.use_of(os.getpid())
    program = "import sys; held = b'x' * 200_000_000; print(len(held), flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        after = trees.use_of(os.getpid())

    assert bool(before and after) == LINUX
    assert not (before and after) or after.memory - before.memory > 150_000_000
