"""The HTTP surface that users build on: nothing of it goes away or changes its name."""

import re

from services.gateway import feed, openapi, reports
from services.gateway.asking import command_id
from services.gateway.auth import Account, Role
from services.gateway.routes import ROUTES, Route
from shared.contracts import catalog, notify, operations, sales, training
from shared.contracts.message import Command
from shared.contracts.training import consents, finding, imports, learning, names, people

PROMISED = """
POST /v1/rusun | POST /v1/makers | GET /v1/makers | GET /v1/makers/{} | POST /v1/cohorts | GET /v1/cohorts/{}
POST /v1/cohorts/{}/enrolments | POST /v1/sessions/{}/attendance | POST /v1/sessions/{}/completion
POST /v1/cohorts/{}/completion | GET /v1/certificates/{} | POST /v1/submissions | GET /v1/submissions
POST /v1/submissions/{}/reviews | POST /v1/submissions/{}/decision | GET /v1/products | GET /v1/products/{}
POST /v1/products/{}/prices | POST /v1/outlets | GET /v1/outlets | POST /v1/outlets/{}/agreements
POST /v1/deliveries | POST /v1/deliveries/{}/receipt | GET /v1/outlets/{}/stock | POST /v1/reports
GET /v1/reports | GET /v1/sales | GET /v1/makers/{}/statement | GET /v1/ledger/trial-balance | GET /v1/parked
POST /v1/parked/{}/redrive | POST /v1/parked/{}/discard | GET /v1/makers/{}/notices | GET /v1/notices/summary
GET /v1/events | POST /v1/promotions | GET /v1/promotions | GET /v1/promotions/{} | POST /v1/promotions/{}/end
POST /v1/transfers | POST /v1/recalls | GET /v1/deliveries | GET /v1/deliveries/{} | POST /v1/deliveries/{}/cancellation
GET /v1/claims | POST /v1/claims/{}/settlement | GET /v1/outlets/{}/low-stock | GET /v1/outlets/{}/slow-sellers
POST /v1/outlets/{}/stock-counts | GET /v1/outlets/{}/stock-counts | GET /v1/stock-counts/{}
POST /v1/stock-counts/{}/approval | POST /v1/outlets/{}/reservations | GET /v1/outlets/{}/reservations
POST /v1/reservations/{}/release
POST /v1/products/{}/units | GET /v1/products/{}/units | GET /v1/products/{}/labels.pdf | GET /v1/units/{}
GET /v1/units/{}/place | GET /v1/variances | GET /v1/findings | GET /v1/findings/{} | POST /v1/findings/{}/settlement
GET /v1/outlets/{}/closings | GET /v1/exchanges | GET /v1/outlets/{}/exchanges/{} | POST /v1/sales/{}/void
GET /v1/submissions/{} | POST /v1/submissions/{}/abstention | POST /v1/submissions/{}/rounds
POST /v1/submissions/{}/withdrawal | POST /v1/criteria | GET /v1/criteria | POST /v1/reason-tags | GET /v1/reason-tags
POST /v1/loans | GET /v1/loans | GET /v1/loans/{} | POST /v1/loans/{}/mandate | POST /v1/loans/{}/approvals
POST /v1/loans/{}/disbursement | POST /v1/loans/{}/repayments | POST /v1/loans/{}/cancellation
POST /v1/payouts | GET /v1/payouts | GET /v1/payouts/{} | GET /v1/payouts/{}/lines/{} | POST /v1/payouts/{}/approvals
POST /v1/payouts/{}/cancellation | POST /v1/payouts/{}/sending | POST /v1/payouts/{}/payment
POST /v1/payouts/{}/results | POST /v1/payouts/{}/results.csv | POST /v1/payouts/{}/retries
GET /v1/payouts/{}/bank.csv | GET /v1/payouts/{}/cooperative.csv | POST /v1/cooperatives | GET /v1/cooperatives
"""
INSIDE = {
    training.GetContacts,
    names.GetNames,
    learning.GetLearning,
    consents.GetPublicNames,
    training.VerifyCertificate,
    catalog.showing.GetStory,
    catalog.origins.GetOrigins,
    catalog.photos.GetPublicPhoto,
    sales.parts.GetPriceParts,
    sales.statements.GetStatementLinks,
    sales.statements.ReadStatement,
    operations.GetDigests,
    operations.ListLogged,
    operations.ResendEvents,
    operations.ListComparisons,
}
"""What services ask each other, and no path hands on as it is."""


def test_every_promised_path_is_there() -> None:
    promised = {tuple(row.split()) for row in re.split(r"[|\n]", PROMISED) if row.strip()}
    offered = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, methods in openapi.build()["paths"].items()
        for method in methods
    }
    assert len(promised) == 99
    assert promised - offered == set()


def test_no_request_of_a_service_is_forgotten() -> None:
    modules = (
        *(training.accompaniment, training.progress, training.proposals),
        *(
            training,
            training.clashes,
            consents,
            finding,
            people,
            imports,
            learning,
            names,
            training.planning,
            training.seats,
            training.teaching,
        ),
        *(catalog, catalog.origins, catalog.photos, catalog.showing),
        *(sales, sales.goods, sales.settlement, sales.loans, sales.remittances, sales.books, sales.taxes, sales.tills),
        *(sales.parts, sales.paying, sales.parties, sales.statements, notify, operations),
    )
    known = {
        one for module in modules for one in vars(module).values() if hasattr(one, "reply") and "wire" in vars(one)
    }
    assert len(known) > 30
    assert known - INSIDE == {route.request for route in ROUTES}


def test_a_path_names_fields_of_its_request() -> None:
    for route in ROUTES:
        assert route.in_path <= set(route.request.model_fields), route.path
        assert route.own is None or route.own in route.request.model_fields


def test_commands_are_posted_and_queries_are_got() -> None:
    assert [route for route in ROUTES if issubclass(route.request, Command) != (route.method == "POST")] == []


def test_personal_data_is_for_coordinators_only() -> None:
    private = {
        *(training.ListMakers, training.GetMaker, training.RegisterMaker, notify.ListNotices),
        *(people.ChangeContact, people.ListHomes, people.MoveMaker, people.AnonymiseMaker, imports.ImportMakers),
        *(consents.ChangeConsent, consents.ListConsents),
        *(training.GetSession, training.GetCompletion, training.GetCertificateFile),
    }
    found = [route for route in ROUTES if route.request in private]
    assert len(found) == len(private)
    assert all(route.roles == {Role.COORDINATOR} for route in found)


def test_an_outlets_key_reaches_what_is_public_and_what_is_its_own() -> None:
    public = {catalog.ListProducts, catalog.GetProduct, catalog.GetUnit}
    reached = [route for route in ROUTES if Role.OUTLET in route.roles and route.request not in public]
    assert reached == [route for route in ROUTES if route.own]
    assert list(reports.ROLES) == [Role.OUTLET]
    assert Role.OUTLET not in feed.ROLES


def test_a_key_of_another_account_is_another_command() -> None:
    ani, budi = (Account(name, Role.COORDINATOR, None) for name in ("ani", "budi"))
    assert command_id(ani, "1") == command_id(ani, "1")
    assert len({command_id(ani, "1"), command_id(ani, "2"), command_id(budi, "1")}) == 3
    assert command_id(ani, None) != command_id(ani, None)


def test_every_row_has_a_path_of_its_own() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert all(isinstance(route, Route) and route.summary and route.roles for route in ROUTES)
