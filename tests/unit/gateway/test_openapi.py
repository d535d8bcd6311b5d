"""The document says of each path what can be sent, and by whom."""

from services.gateway import openapi
from services.gateway.routes import ROUTES

DOCUMENT = openapi.build()
PATHS = DOCUMENT["paths"]


def test_what_the_path_says_is_not_asked_for_again() -> None:
    body = DOCUMENT["components"]["schemas"]["Enrol"]
    assert list(body["properties"]) == ["maker_id", "since"]
    assert body["required"] == ["maker_id"]
    assert body["additionalProperties"] is False
    assert "requestBody" not in PATHS["/v1/cohorts/{cohort_id}/enrolments/{maker_id}/refusal"]["post"]


def test_a_body_that_may_be_empty_may_be_left_out() -> None:
    assert PATHS["/v1/deliveries/{delivery_id}/receipt"]["post"]["requestBody"]["required"] is False
    assert PATHS["/v1/rusun"]["post"]["requestBody"]["required"] is True


def test_lists_have_a_limit_and_a_cursor() -> None:
    limit, cursor = PATHS["/v1/makers"]["get"]["parameters"][:2]
    assert (limit["name"], limit["schema"]["maximum"], limit["required"]) == ("limit", 500, False)
    assert (cursor["name"], cursor["schema"]["type"]) == ("cursor", "string")


def test_every_operation_says_who_may() -> None:
    for route in ROUTES:
        operation = PATHS[route.path][route.method.lower()]
        for role in route.roles:
            assert role in operation["description"]
        assert "default" in operation["responses"]


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for methods in PATHS.values() for operation in methods.values()]
    assert len(set(names)) == len(names)


def test_parked_messages_of_any_service_can_be_asked_for() -> None:
    names = [parameter.get("name") for parameter in PATHS["/v1/parked"]["get"]["parameters"]]
    assert "service" in names
