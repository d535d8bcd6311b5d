"""Which process is ours, and that no other is ever harmed."""

import os
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from deploy.local import pids
from deploy.local.state import State

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


def _start(state: State, code: str = SLEEP) -> pids.Record:
    command = [sys.executable, "-c", code]
    return pids.start(state, pids.Launch("sales", command, dict(os.environ), state.root / "log", facts={"port": 1}))


def test_a_started_process_is_found_again_by_its_name(state: State) -> None:
    record = _start(state)
    assert pids.find(state, "sales") == record
    assert record.facts == {"port": 1}
    assert pids.stop(state, "sales")


def test_a_stopped_process_is_gone_and_so_is_its_record(state: State) -> None:
    record = _start(state)
    pids.stop(state, "sales", signal.SIGTERM, 10)
    assert not record.is_alive
    assert pids.recorded(state) == []
    assert not pids.stop(state, "sales")


def test_a_process_that_does_not_listen_is_killed_after_its_time(state: State) -> None:
    record = _start(state, STUBBORN)
    while "up" not in (state.root / "log").read_text():
        time.sleep(0.01)
    pids.stop(state, "sales", signal.SIGTERM, 0.2)
    assert not record.is_alive


def test_a_process_that_died_by_itself_is_not_found(state: State) -> None:
    record = _start(state, "raise SystemExit(3)")
    assert pids.wait_gone(record, 10)
    assert pids.find(state, "sales") is None
    assert pids.recorded(state) == []


def test_a_stranger_that_got_the_pid_of_ours_is_not_harmed(state: State) -> None:
    stranger = _start(state)
    old = replace(stranger, birth="another boot:1")
    state.save("run/sales.json", asdict(old))
    assert pids.find(state, "sales") is None
    state.save("run/sales.json", asdict(old))
    assert not pids.stop(state, "sales")
    assert stranger.is_alive
    os.kill(stranger.pid, signal.SIGKILL)
    assert pids.wait_gone(stranger, 5)


def test_a_process_knows_its_program(state: State) -> None:
    assert "python" in pids.program_of(os.getpid()) or "pytest" in pids.program_of(os.getpid())
    assert pids.program_of(2**22 + 1) == ""
