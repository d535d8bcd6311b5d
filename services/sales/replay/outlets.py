"""Outlets with their accounts, and what was agreed with them."""

from services.sales.domain.outlets import remitting_of
from services.sales.domain.split import Terms
from services.sales.handlers.outlets import ACCOUNTS
from services.sales.replay.links import Family, Links, at_outlets, in_turn
from services.sales.storage import outlets as storage
from shared.contracts.sales import AgreementActivated, OutletRegistered
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_outlet(tx: Tx, message: Received[OutletRegistered]) -> None:
    new = message.data
    await storage.open_accounts(tx, ACCOUNTS, new.outlet)
    await storage.add_outlet(tx, new.outlet, new.name, new.place)


async def project_agreement(tx: Tx, message: Received[AgreementActivated]) -> None:
    new = message.data
    terms = Terms(new.valid_from, new.outlet_bps, new.programme_bps)
    await storage.add_agreement(tx, new.outlet, terms, remitting_of(new))


FAMILY = Family(
    in_turn({OutletRegistered: project_outlet, AgreementActivated: project_agreement}),
    {
        OutletRegistered: Links(gives=lambda event: at_outlets(event.outlet)),
        AgreementActivated: Links(needs=lambda event: at_outlets(event.outlet)),
    },
)
