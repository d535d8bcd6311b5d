"""What an outlet's key asks is about its own outlet, said or not."""

from uuid import UUID

import pytest

from services.gateway.asking import of_own_outlet
from services.gateway.auth import Account, Role
from services.gateway.problems import HttpProblem
from services.gateway.routes import ROUTES
from shared.contracts.sales.goods import GetStock, ListDeliveries, ReceiveDelivery

ANI = Account("ani", Role.COORDINATOR, None)
CITOS = Account("citos-1", Role.OUTLET, "citos")
RECEIPT = ReceiveDelivery(delivery_id=UUID(int=1))


def test_an_outlet_that_does_not_say_so_means_itself() -> None:
    asked = of_own_outlet(CITOS, RECEIPT, "outlet")
    assert asked == RECEIPT.model_copy(update={"outlet": "citos"})
    assert of_own_outlet(CITOS, ListDeliveries(), "outlet") == ListDeliveries(outlet="citos")


def test_an_outlet_does_not_speak_for_another() -> None:
    for asked, field in ((ListDeliveries(outlet="pim"), "outlet"), (GetStock(code="pim"), "code")):
        with pytest.raises(HttpProblem, match="citos only"):
            of_own_outlet(CITOS, asked, field)


def test_everybody_else_asks_of_all_outlets_or_of_one() -> None:
    assert of_own_outlet(ANI, RECEIPT, "outlet") == RECEIPT
    assert of_own_outlet(ANI, ListDeliveries(outlet="pim"), "outlet") == ListDeliveries(outlet="pim")


def test_a_field_that_is_filled_in_is_an_outlet_or_nothing() -> None:
    filled = [route for route in ROUTES if route.own and route.own not in route.in_path]
    assert len(filled) > 4
    assert all(route.request.model_fields[route.own or ""].default is None for route in filled)
