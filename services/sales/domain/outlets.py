"""What may be agreed with an outlet."""

from typing import NamedTuple

from services.sales.domain.pricing import WHOLE
from shared.contracts.sales import AgreementActivated, AgreeTerms
from shared.contracts.sales.events import Remits
from shared.errors import Rejected


class Remitting(NamedTuple):
    """When an outlet hands over the money, and when makers are paid of it; see `AgreeTerms`."""

    hold_days: int
    advances: bool
    remits: Remits
    grace_days: int


def remitting_of(terms: AgreeTerms | AgreementActivated) -> Remitting:
    return Remitting(terms.hold_days, terms.advances, terms.remits, terms.grace_days)


def check_shares(terms: AgreeTerms) -> None:
    """Raises Rejected when nothing could be left for the makers' side: the shares are more than the whole."""
    if terms.outlet_bps + terms.programme_bps > WHOLE:
        raise Rejected("shares_exceed_whole", "outlet and programme together take more than 100 %")
