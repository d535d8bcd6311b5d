"""Every kind of error has one form, and none tells of the inside."""

import json
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from services.gateway.problems import HttpProblem, respond
from shared.errors import KINDS, Conflict, Unavailable


def told(error: Exception) -> dict[str, Any]:
    answer = respond(error)
    assert answer.media_type == "application/problem+json"
    body: dict[str, Any] = json.loads(bytes(answer.body))
    assert body["status"] == answer.status_code
    return body


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_has_its_status_and_keeps_its_code(kind: Any) -> None:
    body = told(kind("some_code", "some detail"))
    assert (body["status"], body["code"], body["detail"]) == (kind.status, "some_code", "some detail")


def test_a_conflict_shows_what_to_choose_between() -> None:
    assert told(Conflict("two_sales", "which one?", candidates=["a", "b"]))["candidates"] == ["a", "b"]


def test_what_is_away_says_when_to_come_again() -> None:
    assert int(respond(Unavailable("away", "away")).headers["retry-after"]) > 0


def test_a_bug_says_nothing_of_itself() -> None:
    body = told(ZeroDivisionError("the inside"))
    assert (body["status"], body["code"]) == (500, "bug")
    assert "inside" not in json.dumps(body)


def test_what_the_router_raises_is_a_problem_too() -> None:
    assert told(HTTPException(404))["code"] == "path_not_found"
    assert respond(HTTPException(405, headers={"Allow": "GET"})).headers["allow"] == "GET"
    assert told(HTTPException(418))["code"] == "http_error"


def test_the_gateways_own_problems_bring_their_headers() -> None:
    answer = respond(HttpProblem(401, "unauthorized", "who are you?", {"WWW-Authenticate": "Bearer"}))
    assert answer.headers["www-authenticate"] == "Bearer"
