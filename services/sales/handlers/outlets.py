"""Registers outlets and what is agreed with them."""

from services.sales.domain.outlets import check_shares, remitting_of
from services.sales.domain.split import Terms
from services.sales.storage import outlets as storage
from shared.contracts.message import Event
from shared.contracts.sales import (
    Agreement,
    AgreementActivated,
    AgreeTerms,
    Outlet,
    OutletRegistered,
    RegisterOutlet,
)
from shared.db import Row, Tx
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import Received

ACCOUNTS = ("outlet-receivable", "outlet-commission")


async def register_outlet(command: Received[RegisterOutlet], tx: Tx) -> tuple[Outlet, list[Event]]:
    """A new outlet with its accounts. Nothing sells there before terms are agreed."""
    new = command.data
    await storage.open_accounts(tx, ACCOUNTS, new.code)
    if not await storage.add_outlet(tx, new.code, new.name, new.place):
        raise Conflict("outlet_code_taken", f"there is an outlet {new.code}")
    outlet = Outlet(code=new.code, name=new.name, place=new.place, agreements=[])
    return outlet, [OutletRegistered(outlet=new.code, name=new.name, place=new.place)]


async def agree_terms(command: Received[AgreeTerms], tx: Tx) -> tuple[Outlet, list[Event]]:
    """Terms from a day on. Sales that are booked keep the terms they were booked with."""
    new = command.data
    check_shares(new)
    outlet = await get_outlet(tx, new.code)
    terms = Terms(new.valid_from, new.outlet_bps, new.programme_bps)
    if not await storage.add_agreement(tx, new.code, terms, remitting_of(new)):
        raise Conflict("agreement_exists", f"something is agreed with {new.code} from {new.valid_from} on")
    activated = AgreementActivated(
        outlet=new.code,
        valid_from=new.valid_from,
        outlet_bps=new.outlet_bps,
        programme_bps=new.programme_bps,
        **remitting_of(new)._asdict(),
    )
    agreements = [Agreement(**row) for row in await storage.list_agreements(tx, new.code)]
    return Outlet(code=outlet["code"], name=outlet["name"], place=outlet["place"], agreements=agreements), [activated]


async def get_outlet(tx: Tx, code: str) -> Row:
    """Raises NotFound."""
    outlet = await storage.get_outlet(tx, code)
    if outlet is None:
        raise NotFound("outlet_unknown", f"no outlet {code} is registered")
    return outlet
