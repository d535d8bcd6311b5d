"""Files are sent as they are: their type and size are checked before anybody is asked."""

import pytest
from starlette.requests import Request as Http

from services.gateway import inputs
from services.gateway.problems import HttpProblem
from services.gateway.routes.route import COORDINATOR, post
from shared.contracts.message import Part, Upload
from shared.errors import Invalid


class Stored(Part):
    size: int


class Hang(Upload[Stored], wire="sales.Hang.v1", accepts=("image/png", "image/jpeg"), most_bytes=10):
    wall: str
    title: str = ""


ROUTE = post("/v1/walls/{wall}/pictures", Hang, COORDINATOR, "Hang a picture", 201)


def request(body: bytes, kind: str = "image/png", query: str = "") -> Http:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/walls/north/pictures",
        "path_params": {"wall": "north"},
        "query_string": query.encode(),
        "headers": [(b"content-type", kind.encode())],
    }
    return Http(scope, receive)


async def test_a_file_comes_as_it_is_with_the_rest_in_the_query() -> None:
    asked, service = await inputs.read(request(b"\x89PNG\x00", query="title=sunrise"), ROUTE)
    assert asked == Hang(wall="north", title="sunrise", media_type="image/png", content=b"\x89PNG\x00")
    assert service == "sales"
    assert Hang.model_validate_json(asked.model_dump_json()) == asked


async def test_another_type_is_refused_by_name() -> None:
    with pytest.raises(HttpProblem, match="image/png or image/jpeg") as refused:
        await inputs.read(request(b"GIF89a", "image/gif"), ROUTE)
    assert refused.value.status == 415


async def test_no_file_is_refused() -> None:
    with pytest.raises(HttpProblem, match="there is none"):
        await inputs.read(request(b""), ROUTE)


@pytest.mark.parametrize("query", ["titel=sunrise", "wall=south"])
async def test_what_the_query_may_not_say_is_refused(query: str) -> None:
    with pytest.raises(Invalid):
        await inputs.read(request(b"\x89PNG", query=query), ROUTE)
