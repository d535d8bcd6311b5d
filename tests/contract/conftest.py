"""Two judges of an AsyncAPI document: the project's own parser where Node.js is, its JSON Schema everywhere."""

import fcntl
import json
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

HERE = Path(__file__).parent / "asyncapi"
LOCK, INSTALLED = HERE / "package-lock.json", HERE / "node_modules" / "installed.lock"
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]

Judge = Callable[[str], list[str]]
"""From a document's text to what is wrong with it."""


@pytest.fixture(scope="session")
def judges() -> list[Judge]:
    """The schema always; the parser too, unless this machine has no Node.js or cannot reach its packages."""
    return [by_schema, by_parser] if _parser_is_there() else [by_schema]


def by_schema(text: str) -> list[str]:
    document = yaml.safe_load(text)
    schema = json.loads((HERE / "asyncapi-3.0.0.schema.json").read_text(encoding="utf-8"))
    found = [error.message[:300] for error in Draft7Validator(schema).iter_errors(document)]
    return found + [f"{target}: leads nowhere" for target in _refs(document) if not _leads(document, target)]


def by_parser(text: str) -> list[str]:
    ran = subprocess.run(["node", "check.mjs"], cwd=HERE, input=text, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


def _parser_is_there() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    with LOCK.open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if INSTALLED.exists() and INSTALLED.read_bytes() == LOCK.read_bytes():
            return True
        ran = subprocess.run(INSTALL, cwd=HERE, capture_output=True, text=True, check=False, timeout=180)
        if ran.returncode != 0:
            warnings.warn(f"judged by the schema only, npm says: {ran.stderr[-300:]}", stacklevel=1)
            return False
        shutil.copy(LOCK, INSTALLED)
    return True


def _refs(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [target for inner in part.values() for target in _refs(inner)]
    return [target for inner in part for target in _refs(inner)] if isinstance(part, list) else []


def _leads(document: Any, target: str) -> bool:
    found = document
    for step in target.removeprefix("#/").split("/"):
        if not isinstance(found, dict) or step not in found:
            return False
        found = found[step]
    return True
