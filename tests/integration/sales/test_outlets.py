"""Outlets and what is agreed with them."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.sales.handlers import outlets
from services.sales.views.outlets import list_outlets
from shared.contracts.sales import (
    Agreement,
    AgreementActivated,
    AgreeTerms,
    ListOutlets,
    OutletRegistered,
    RegisterOutlet,
)
from shared.errors import Conflict, NotFound, Rejected
from tests.integration.sales.builders import Database, balances, do

CITOS = RegisterOutlet(code="citos", name="Citos", place="Jakarta Selatan")


def terms(since: date, outlet_bps: int = 2500, programme_bps: int = 1000) -> AgreeTerms:
    return AgreeTerms(code="citos", valid_from=since, outlet_bps=outlet_bps, programme_bps=programme_bps)


LATER = {"hold_days": 7, "advances": False, "remits": "monthly", "grace_days": 7}
"""How makers are paid when nothing else is agreed."""


async def test_a_new_outlet_has_its_accounts_and_nothing_agreed(database: Database) -> None:
    pool = await database("sales")
    outlet, events = await do(pool, outlets.register_outlet, CITOS)
    assert (outlet.code, outlet.agreements) == ("citos", [])
    assert events == [OutletRegistered(outlet="citos", name="Citos", place="Jakarta Selatan")]
    assert await balances(pool) == {
        "outlet-commission citos": 0,
        "outlet-receivable citos": 0,
        "programme-share programme": 0,
    }


async def test_a_code_is_taken_once(database: Database) -> None:
    pool = await database("sales")
    await do(pool, outlets.register_outlet, CITOS)
    with pytest.raises(Conflict) as refused:
        await do(pool, outlets.register_outlet, CITOS)
    assert refused.value.code == "outlet_code_taken"


async def test_agreements_are_told_in_their_order_whatever_order_they_were_made_in(database: Database) -> None:
    pool = await database("sales")
    await do(pool, outlets.register_outlet, CITOS)
    await do(pool, outlets.agree_terms, terms(date(2026, 11, 15), 3000))
    outlet, events = await do(pool, outlets.agree_terms, terms(date(2026, 1, 1), 2500))
    assert [agreed.outlet_bps for agreed in outlet.agreements] == [2500, 3000]
    assert events == [
        AgreementActivated(outlet="citos", valid_from=date(2026, 1, 1), outlet_bps=2500, programme_bps=1000, **LATER)
    ]


async def test_what_is_agreed_about_the_money_is_kept_told_and_listed(database: Database) -> None:
    pool = await database("sales")
    await do(pool, outlets.register_outlet, CITOS)
    agreed = {"hold_days": 14, "advances": True, "remits": "weekly", "grace_days": 3}
    terms = AgreeTerms(code="citos", valid_from=date(2026, 1, 1), outlet_bps=2500, programme_bps=1000, **agreed)
    outlet, (told,) = await do(pool, outlets.agree_terms, terms)
    (listed,) = (await do(pool, list_outlets, ListOutlets())).items
    for seen in (outlet.agreements[0], told, listed.agreements[0]):
        assert {name: getattr(seen, name) for name in agreed} == agreed


def test_an_agreement_of_before_means_what_it_meant() -> None:
    """Makers were paid at once; nobody asked when the outlet would remit."""
    told = {"outlet": "citos", "valid_from": "2026-01-01", "outlet_bps": 2500, "programme_bps": 1000}
    before = AgreementActivated.model_validate(told)
    assert (before.hold_days, before.advances, before.remits, before.grace_days) == (0, True, "monthly", 7)


@pytest.mark.parametrize("wrong", [{"remits": "daily"}, {"hold_days": -1}, {"hold_days": 366}, {"grace_days": 1.5}])
def test_what_cannot_be_agreed_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        AgreeTerms.model_validate(
            {"code": "citos", "valid_from": "2026-01-01", "outlet_bps": 1, "programme_bps": 1} | wrong
        )
    assert [fault["loc"] for fault in refused.value.errors()] == [tuple(wrong)]


async def test_what_was_agreed_for_a_day_stands(database: Database) -> None:
    pool = await database("sales")
    await do(pool, outlets.register_outlet, CITOS)
    await do(pool, outlets.agree_terms, terms(date(2026, 1, 1), 2500))
    with pytest.raises(Conflict) as refused:
        await do(pool, outlets.agree_terms, terms(date(2026, 1, 1), 3000))
    assert refused.value.code == "agreement_exists"
    listed = await do(pool, list_outlets, ListOutlets())
    first = Agreement.model_validate(
        {"valid_from": date(2026, 1, 1), "outlet_bps": 2500, "programme_bps": 1000} | LATER
    )
    assert listed.items[0].agreements == [first]


async def test_nobody_takes_more_than_the_whole(database: Database) -> None:
    pool = await database("sales")
    await do(pool, outlets.register_outlet, CITOS)
    with pytest.raises(Rejected) as refused:
        await do(pool, outlets.agree_terms, terms(date(2026, 1, 1), 9001, 1000))
    assert refused.value.code == "shares_exceed_whole"
    outlet, _ = await do(pool, outlets.agree_terms, terms(date(2026, 1, 1), 9000, 1000))
    assert len(outlet.agreements) == 1


async def test_nothing_is_agreed_with_an_outlet_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        await do(await database("sales"), outlets.agree_terms, terms(date(2026, 1, 1)))


async def test_outlets_are_listed_page_by_page(database: Database) -> None:
    pool = await database("sales")
    for code in ("pim", "citos", "alun-alun"):
        await do(pool, outlets.register_outlet, RegisterOutlet(code=code, name=code, place="Jakarta"))
    await do(pool, outlets.agree_terms, terms(date(2026, 1, 1)))
    await do(pool, outlets.agree_terms, terms(date(2026, 2, 1)))
    first = await do(pool, list_outlets, ListOutlets(limit=2))
    second = await do(pool, list_outlets, ListOutlets(limit=2, cursor=first.next))
    assert [(o.code, len(o.agreements)) for o in first.items] == [("alun-alun", 0), ("citos", 2)]
    assert [(o.code, len(o.agreements)) for o in second.items] == [("pim", 0)]
    assert second.next is None
