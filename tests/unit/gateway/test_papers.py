"""A row of the table can be answered with a file that is made of its reply and of what is asked besides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.requests import Request as Http
from starlette.responses import Response

from services.gateway import asking, inputs
from services.gateway.auth import Account, Accounts, Role
from services.gateway.openapi import _operation, _schemas
from services.gateway.papers.paper import Ask, ask_whole, get_names
from services.gateway.problems import HttpProblem
from services.gateway.routes.route import MONEY, get, paper
from shared.contracts.message import Document, Page, Part, Request
from shared.contracts.training.names import GetNames, MakerName, MakerNames
from shared.errors import Invalid, NotFound, Rejected

ANI, WATI, NOBODY = (UUID(int=number) for number in (1, 2, 3))
NAMES = {ANI: "Ibu Ani", WATI: ""}


class Earnings(Part):
    items: list[UUID]
    next: str | None


class ListEarnings(Page[Earnings], wire="sales.ListEarnings.v1"):
    outlet: str


async def make(asked: ListEarnings, reply: Earnings, ask: Ask) -> Document:
    names = await get_names(ask, reply.items)
    text = "\n".join([names.get(maker, "-") for maker in reply.items])
    return Document(media_type="text/csv", filename=f"earnings-{asked.outlet}.csv", content=text.encode())


ROUTE = paper(make, get("/v1/outlets/{outlet}/earnings.csv", ListEarnings, MONEY, "What makers earned", own="outlet"))


class Services:
    """Sales with pages of one maker each, and training. `asked`: id, actor and request of every question."""

    def __init__(self, makers: Sequence[UUID]) -> None:
        self.makers, self.asked = makers, list[tuple[UUID, str, Request[Any]]]()

    async def ask_raw(self, request: Request[Any], *, actor: str, to: str, id: UUID, timeout: float) -> bytes:  # noqa: A002, ASYNC109
        self.asked.append((id, actor, request))
        if isinstance(request, GetNames):
            assert to == "training"
            known = [MakerName(maker_id=maker, name=NAMES[maker]) for maker in request.maker_ids if maker in NAMES]
            return MakerNames(items=known).model_dump_json().encode()
        assert isinstance(request, ListEarnings)
        assert to == "sales"
        if not self.makers:
            raise NotFound("outlet_unknown", "there is no such outlet")
        page = int(request.cursor or 0)
        following = str(page + 1) if page + 1 < len(self.makers) else None
        return Earnings(items=[self.makers[page]], next=following).model_dump_json().encode()


async def visit(services: Services, role: Role = Role.FINANCE, query: str = "") -> Response:
    async def find(_: bytes) -> Account:
        return Account("sri", role, None)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/outlets/citos/earnings.csv",
        "path_params": {"outlet": "citos"},
        "query_string": query.encode(),
        "headers": [(b"authorization", b"Bearer key")],
        "state": {},
    }
    return await asking.endpoint(ROUTE, Accounts(find), services)(Http(scope, receive))


async def test_a_paper_is_made_of_the_whole_list_and_of_names() -> None:
    services = Services([ANI, WATI, NOBODY, ANI])
    answer = await visit(services)
    assert bytes(answer.body).decode() == "Ibu Ani\n-\n-\nIbu Ani"
    assert answer.headers["content-type"] == "text/csv"
    assert answer.headers["content-disposition"] == 'attachment; filename="earnings-citos.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert [type(request) for _, _, request in services.asked] == [ListEarnings] * 4 + [GetNames]
    assert len({key for key, _, _ in services.asked}) == 5


async def test_all_is_asked_in_the_name_of_whom_the_paper_is_for() -> None:
    services = Services([ANI])
    await visit(services)
    assert {actor for _, actor, _ in services.asked} == {"finance:sri"}


async def test_a_paper_is_for_whom_its_row_names_and_fails_as_others_do() -> None:
    with pytest.raises(HttpProblem, match="role_missing"):
        await visit(Services([ANI]), Role.JUROR)
    with pytest.raises(NotFound, match="outlet_unknown"):
        await visit(Services([]))


@pytest.mark.parametrize("query", ["limit=10", "cursor=1"])
async def test_nobody_asks_for_one_page_of_a_paper(query: str) -> None:
    with pytest.raises(Invalid, match="whole list"):
        await visit(Services([ANI]), query=query)


async def test_a_list_that_no_file_can_hold_is_refused() -> None:
    services = Services([uuid4() for _ in range(41)])
    with pytest.raises(Rejected, match="file_too_long"):
        await visit(services)
    assert len(services.asked) == 40


async def test_names_are_asked_for_in_sets() -> None:
    asked = list[int]()

    async def ask(request: Request[Any]) -> Any:
        asked.append(len(request.maker_ids))  # type: ignore[attr-defined]
        return MakerNames(items=[])

    assert await get_names(ask, [uuid4() for _ in range(1001)]) == {}
    assert asked == [500, 500, 1]


async def test_what_is_no_list_is_asked_for_as_it_is() -> None:
    async def ask(request: Request[Any]) -> Any:
        return MakerNames(items=[])

    assert await ask_whole(ask, GetNames(maker_ids=[ANI])) == MakerNames(items=[])


def test_the_document_says_which_file_it_is_and_what_can_be_asked() -> None:
    operation = _operation(ROUTE, _schemas() | {"ListEarnings": ListEarnings.model_json_schema()})
    assert operation["operationId"] == "listEarningsCsv"
    assert list(operation["responses"]["200"]["content"]) == ["text/csv"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["outlet"]


async def test_what_else_the_row_takes_is_read_as_ever() -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path_params": {"outlet": "pim"}, "query_string": b"", "headers": []}
    assert await inputs.read(Http(scope, receive), ROUTE) == (ListEarnings(outlet="pim"), "sales")
