"""Wiring and contracts agree: every event, request and route has its place, and only one."""

import importlib
import inspect
from collections import Counter
from types import ModuleType

import pytest

from shared.contracts import catalog, notify, operations, outlets, sales, training
from shared.contracts.message import Event, Message, Request
from shared.contracts.subscriptions import PUBLISHED, SUBSCRIPTIONS
from shared.runtime.service import Service

MODULES = {"training": training, "catalog": catalog, "sales": sales, "notify": notify}
SERVICES = sorted(MODULES)


def contracts(module: ModuleType) -> list[type[Message]]:
    """Those of a module and of the modules in it."""
    values = vars(module).values()
    inner = [one for one in values if inspect.ismodule(one) and one.__name__.startswith(f"{module.__name__}.")]
    own = [one for one in values if inspect.isclass(one) and issubclass(one, Message) and "wire" in one.__dict__]
    return list(dict.fromkeys(own + [found for room in inner for found in contracts(room)]))


def service(name: str) -> Service:
    found: Service = importlib.import_module(f"services.{name}.app").service
    return found


ALL = [c for module in (*MODULES.values(), operations, outlets) for c in contracts(module)]


def test_wire_names_are_unique_and_name_their_class() -> None:
    assert len(ALL) > 60
    assert [name for name, n in Counter(c.wire for c in set(ALL)).items() if n > 1] == []
    assert [c for c in ALL if c.wire.split(".")[1] != c.__name__] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_handles_what_it_subscribes_to_in_that_order(name: str) -> None:
    assert tuple(service(name).events) == SUBSCRIPTIONS[name]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_answers_every_request_in_its_contract(name: str) -> None:
    asked = {c for c in contracts(MODULES[name]) if issubclass(c, Request) and c.owner() == name}

    assert {*service(name).commands, *service(name).queries} == asked


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_publishes_what_its_contract_lists(name: str) -> None:
    own = {c for c in contracts(MODULES[name]) if issubclass(c, Event) and c.owner() == name}

    assert set(PUBLISHED[name]) == own


def test_events_hold_no_personal_data() -> None:
    private = {"nik", "phone", "email", "name", "block", "unit", "account", "photo", "child"}
    told = {
        f"{event.__name__}.{field}"
        for events in PUBLISHED.values()
        for event in events
        for field in event.model_fields
        if field in private
    }

    assert told == {"OutletRegistered.name"}, "an outlet's name is public; nobody else's may travel"
