"""The table of sales: everything that the contract lets others send has a handler; parked reports are told of."""

from uuid import UUID

from services.sales.app import service
from services.sales.handlers.parked import report_parked
from shared.contracts import sales
from shared.contracts.message import Command, Page, Query, Request
from shared.contracts.sales import ReportParked
from shared.errors import NotYet
from shared.runtime.parked import ParkedMessage


def test_every_request_of_the_contract_is_answered() -> None:
    abstract = {Command, Query, Page, Request}
    requests = {
        kind
        for kind in vars(sales).values()
        if isinstance(kind, type) and issubclass(kind, Request) and kind not in abstract
    }
    assert len(requests) == 10
    assert requests == set(service.commands) | set(service.queries)


def a_parked(kind: str) -> ParkedMessage:
    return ParkedMessage(UUID(int=1), UUID(int=2), kind, "citos/till-1/536365/1", {}, NotYet("sku_unknown", "..."))


def test_a_parked_report_is_told_of_without_what_it_says() -> None:
    assert report_parked(a_parked("outlet.SaleReported.v1")) == ReportParked(
        parked_id=UUID(int=1),
        report_type="outlet.SaleReported.v1",
        report="citos/till-1/536365/1",
        kind="not_yet",
        code="sku_unknown",
    )


def test_what_no_till_reported_is_not_told_of() -> None:
    assert report_parked(a_parked("catalog.PriceChanged.v1")) is None
