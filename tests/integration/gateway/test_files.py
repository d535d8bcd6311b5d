"""A file that a service answers with reaches the client as the bytes it is."""

from services.gateway import openapi
from services.gateway.routes import ROUTES
from shared.contracts.catalog import GetLabels
from shared.contracts.message import Document
from shared.runtime.process import Process
from tests.integration.gateway.answering import PAGE, asked
from tests.integration.gateway.conftest import House, problem

PATH = "/v1/products/BTK-0007/labels.pdf"


async def test_a_file_arrives_byte_by_byte_under_its_own_name(house: House, catalog: Process) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.get(PATH, params={"count": 3, "first": "2900000000018"})
    assert answer.status_code == 200
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="labels-BTK-0007.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert asked[-1].data == GetLabels(sku="BTK-0007", first="2900000000018", count=3)


async def test_the_length_of_a_file_can_be_asked_for(house: House, catalog: Process) -> None:
    coordinator = await house.client("coordinator")
    answer = await coordinator.head(PATH)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(PAGE)


async def test_a_file_that_there_is_not_is_a_problem_like_any_other(house: House, catalog: Process) -> None:
    coordinator = await house.client("coordinator")
    assert problem(await coordinator.get("/v1/products/none/labels.pdf"), 404)["code"] == "product_unknown"
    assert problem(await coordinator.get(PATH, params={"count": 201}), 422)["errors"][0]["field"] == "count"


async def test_a_file_is_for_whom_the_row_names(house: House, catalog: Process) -> None:
    till = await house.client("outlet", "citos")
    assert problem(await till.get(PATH), 403)["code"]


def test_the_document_says_that_a_file_is_one() -> None:
    files = [route for route in ROUTES if issubclass(route.request.reply(), Document)]
    assert GetLabels in {route.request for route in files}
    document = openapi.build()
    for route in files:
        answer = document["paths"][route.path][route.method.lower()]["responses"][str(route.status)]
        assert list(answer["content"]) == [route.file_type]
        assert answer["content"][route.file_type]["schema"]["format"] == "binary"
    assert "Document" not in document["components"]["schemas"]
