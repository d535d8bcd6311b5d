"""The lock files: complete, with hashes, and without a word about where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEVELOPMENT = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def test_every_dependency_is_pinned_to_a_version_that_fits() -> None:
    pins = dict(PINNED.findall((ROOT / "requirements.lock").read_text()))
    for requirement in RUNTIME + DEVELOPMENT:
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


@pytest.mark.parametrize("file", ["requirements.lock", "deploy/requirements.lock"])
def test_every_pin_has_a_hash_and_no_line_names_a_host(file: str) -> None:
    text = (ROOT / file).read_text()
    blocks = re.split(r"\n(?=[a-z])", text)
    assert len(blocks) > 30
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--index|--find-links|--extra", text)
