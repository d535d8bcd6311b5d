"""The `karya` script on machines that lack something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ("sh", "dirname", "cmp", "mkdir", "rm", "cp")
ANSWERS = """#!/bin/sh
case "$2" in
    *version_info*3,\\ 11*) exit {new} ;;
    *ensurepip*) exit {venv} ;;
    *) echo 3.12 ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A directory of programs that holds what every system has, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    return folder


def _python(machine: Path, name: str, *, new: bool, venv: bool) -> None:
    script = machine / name
    script.write_text(ANSWERS.format(new=int(not new), venv=int(not venv)))
    script.chmod(0o755)


def _karya(machine: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine), "HOME": str(home), "KARYA_HOME": str(home)}
    command = [str(ROOT / "karya"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_without_python_it_says_what_is_needed_and_how_to_get_it(machine: Path, tmp_path: Path) -> None:
    done = _karya(machine, tmp_path, "status")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed and was not found" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_an_old_python_does_not_count(machine: Path, tmp_path: Path) -> None:
    _python(machine, "python3", new=False, venv=True)
    done = _karya(machine, tmp_path, "status")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed and was not found" in done.stderr


def test_a_python_without_venv_is_named_with_the_package_that_is_missing(machine: Path, tmp_path: Path) -> None:
    _python(machine, "python3", new=True, venv=False)
    done = _karya(machine, tmp_path, "status")
    assert done.returncode == 1
    assert f"{machine}/python3 is Python 3.12, but cannot make virtual environments" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_a_python_that_has_everything_is_found_behind_one_that_has_not(machine: Path, tmp_path: Path) -> None:
    _python(machine, "python3.13", new=True, venv=False)
    _python(machine, "python3", new=True, venv=True)
    done = _karya(machine, tmp_path, "status")
    assert f"with {machine}/python3 (once" in done.stderr


def test_a_ready_environment_is_used_at_once_and_the_callers_directory_is_kept(tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").write_text(f'#!/bin/sh\necho "$PWD|$PYTHONPATH|$*"\nexec {sys.executable} -c ""\n')
    (environment / "bin" / "python").chmod(0o755)
    shutil.copy(ROOT / "requirements.lock", environment / "installed.lock")
    done = subprocess.run(
        [ROOT / "karya", "status", "--json"],
        cwd=tmp_path,
        env=os.environ | {"KARYA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{tmp_path}|{ROOT}|-P -m deploy.local status --json\n"
    assert done.stderr == ""
