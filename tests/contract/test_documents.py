"""The documents in docs/ say what the code does, and are what they claim to be."""

from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from deploy.local import asyncapi, docs
from services.gateway import openapi
from shared.contracts.message import Event
from shared.contracts.subscriptions import PUBLISHED
from tests.contract.conftest import Judge

PAGES = docs.texts()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_document_is_what_the_code_would_write_now(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run ./karya docs"


def test_the_http_document_is_openapi_3_1() -> None:
    document = openapi.build()
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_the_message_document_is_asyncapi_3_0(judges: list[Judge]) -> None:
    text = PAGES[docs.DOCS / "asyncapi.yaml"]
    assert yaml.safe_load(text)["asyncapi"] == "3.0.0"
    assert [judge(text) for judge in judges] == [[] for _ in judges]


@pytest.mark.parametrize(("old", "new"), [("action: send", "action: shout"), ("'#/channels/", "'#/canals/")])
def test_a_document_that_is_not_asyncapi_is_found_out(judges: list[Judge], old: str, new: str) -> None:
    text = PAGES[docs.DOCS / "asyncapi.yaml"]
    assert old in text
    assert all(judge(text.replace(old, new)) for judge in judges)


@pytest.mark.parametrize(
    "event", [event for owned in PUBLISHED.values() for event in owned], ids=lambda event: event.wire
)
def test_every_event_that_is_published_is_described(event: type[Event]) -> None:
    document = asyncapi.build()
    assert document["channels"][event.wire]["address"] == event.wire
    assert document["operations"][f"{event.owner()}.publishes.{event.__name__}"]["action"] == "send"


def test_every_request_to_a_service_is_described_with_its_answer() -> None:
    operations = asyncapi.build()["operations"]
    for service in PUBLISHED:
        for request in asyncapi.requests_of(service):
            reply = operations[f"{service}.answers.{request.__name__}"]["reply"]
            assert reply["messages"][0]["$ref"].endswith(f"/{request.reply().__name__}")
