"""The page that shows the interface asks nobody but its own server, and its files are the ones that were published."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from services.gateway import docs

VENDOR = docs.STATIC / "vendor"
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text())


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = httpx.ASGITransport(Starlette(routes=docs.routes()))
    async with httpx.AsyncClient(transport=app, base_url="http://gateway") as client:
        yield client


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_vendored_files_are_unchanged_and_complete(package: dict[str, Any]) -> None:
    folder = VENDOR / package["folder"]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == package["sha256"]
    assert "LICENSE" in found


def test_every_vendored_folder_is_accounted_for() -> None:
    assert {path.name for path in VENDOR.iterdir() if path.is_dir()} == {package["folder"] for package in PACKAGES}


async def test_the_page_brings_all_that_it_needs(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in re.sub(r"<!--.*?-->", "", page.text).replace("the HTTP API", "")
    sources = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert len(sources) == 3
    for source in sources:
        assert (await client.get(source)).status_code == 200


async def test_the_browser_may_run_no_script_but_ours(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/docs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "<script>" not in (docs.STATIC / "docs.html").read_text()


async def test_the_document_is_served(client: httpx.AsyncClient) -> None:
    assert (await client.get("/openapi.json")).json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("path", ["/static/../docs.py", "/static/%2e%2e/docs.py", "/static/", "/static/vendor"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


def test_the_folder_is_inside_the_gateway() -> None:
    assert Path(docs.__file__).parent in docs.STATIC.parents
