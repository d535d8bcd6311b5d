"""What an installation keeps on disk."""

import os
import socket
import stat
from pathlib import Path

import pytest

from deploy.local import state as places
from deploy.local.state import PORTS, SetupError, State, first_free, home, is_open_to_all


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    state = State(tmp_path)
    first = state.secret("sales.password")
    assert State(tmp_path).secret("sales.password") == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secrets" / "sales.password").stat().st_mode) == 0o600


def test_different_secrets_differ(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert state.secret("a") != state.secret("b")


def test_a_port_is_remembered_while_it_is_free(tmp_path: Path) -> None:
    state = State(tmp_path)
    port = state.port("postgres")
    assert port in PORTS
    assert State(tmp_path).port("postgres") == port


def test_a_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    state = State(tmp_path)
    port = state.port("postgres")
    with _listening(port):
        assert state.port("postgres") != port


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert len({state.port(f"service {number}") for number in range(20)}) == 20


def test_the_first_free_port_is_the_one_after_those_taken() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        port = one.getsockname()[1]
        assert first_free(range(port, port + 50)) > port
        with pytest.raises(SetupError, match="no port is free"):
            first_free(range(port, port + 1))


def test_what_is_saved_is_read_again_and_a_torn_file_counts_as_none(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.save("run/sales.json", {"pid": 4})
    assert state.load("run/sales.json") == {"pid": 4}
    (tmp_path / "run" / "sales.json").write_text('{"pid": ')
    assert state.load("run/sales.json") == {}
    assert state.load("run/catalog.json") == {}


def test_a_closed_directory_on_the_way_is_noticed(tmp_path: Path) -> None:
    below = tmp_path / "home" / "project"
    below.mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    assert not is_open_to_all(below)


def test_under_a_closed_directory_or_one_with_a_blank_servers_live_elsewhere(tmp_path: Path) -> None:
    state = State(tmp_path / "my project")
    folder = state.roomy_folder("postgres")
    try:
        assert is_open_to_all(folder)
        assert " " not in str(folder)
        assert state.roomy_folder("postgres") == folder
    finally:
        state.erase()
    assert not folder.exists()


def test_a_state_begun_anew_does_not_find_the_old_ones_data(tmp_path: Path) -> None:
    state = State(tmp_path / "my project")
    before = state.roomy_folder("postgres")
    state.erase()
    after = state.roomy_folder("postgres")
    state.erase()
    assert before != after


def test_data_that_must_last_is_kept_with_the_state_and_other_data_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(places, "MEMORY", memory)
    monkeypatch.setattr(places, "ROOM", 1)
    state = State(tmp_path / "state")
    assert state.data_folder("postgres", durable=True) == state.roomy_folder("postgres") / "data"
    passing = state.data_folder("postgres", durable=False)
    assert passing.is_relative_to(memory)
    monkeypatch.setattr(places, "ROOM", 2**60)
    assert state.data_folder("postgres", durable=False) == state.roomy_folder("postgres") / "data"
    state.erase()
    assert not passing.parent.exists()


def test_the_home_can_be_moved_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARYA_HOME", str(tmp_path))
    assert home().root == tmp_path.resolve()
    monkeypatch.delenv("KARYA_HOME")
    assert home().root.name == ".karya"
    assert os.access(home().root.parent / "karya", os.X_OK)


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener
