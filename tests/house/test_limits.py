"""The house's limits: small rooms, small functions, one-line openings, walls that stand."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("shared", "services", "deploy", "tests")
FILE_WALL, FUNCTION_WALL, PARAMETERS = 300, 40, 5


def files() -> list[Path]:
    """What git knows or would add; without git, everything in the rooms."""
    found = _known_to_git() if shutil.which("git") else []
    found = found or [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert len(found) > 50, "no files were found to be measured"
    return [path for path in found if path.exists()]


def _known_to_git() -> list[Path]:
    call = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    return [ROOT / name for name in listed]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_the_wall() -> None:
    long = {str(p.relative_to(ROOT)): n for p in files() if (n := len(p.read_text().splitlines())) > FILE_WALL}

    assert not long


def test_no_function_is_longer_than_the_wall() -> None:
    long = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name} {length(f)}"
        for p in files()
        for f in functions(p)
        if length(f) > FUNCTION_WALL
    ]

    assert not long


def test_no_function_outside_tests_takes_more_than_five_parameters() -> None:
    wide = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name}"
        for p in files()
        if "tests" not in p.relative_to(ROOT).parts
        for f in functions(p)
        if len([a for a in f.args.posonlyargs + f.args.args if a.arg not in ("self", "cls")]) > PARAMETERS
    ]

    assert not wide


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in files()
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]

    assert not silent


@pytest.mark.parametrize("name", ["util", "utils", "helper", "helpers", "common", "misc"])
def test_no_room_has_a_name_without_a_purpose(name: str) -> None:
    assert not [str(p) for p in files() if name in (p.stem, *p.relative_to(ROOT).parts[:-1])]


def test_decisions_are_synchronous() -> None:
    domains = [p for p in files() if "domain" in (p.stem, p.parent.name) and "services" in p.relative_to(ROOT).parts]
    asynchronous = [f"{p}:{f.lineno}" for p in domains for f in functions(p) if isinstance(f, ast.AsyncFunctionDef)]

    assert domains
    assert not asynchronous
