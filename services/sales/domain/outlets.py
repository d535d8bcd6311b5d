"""What may be agreed with an outlet."""

from services.sales.domain.pricing import WHOLE
from shared.contracts.sales import AgreeTerms
from shared.errors import Rejected


def check_shares(terms: AgreeTerms) -> None:
    """Raises Rejected when nothing could be left for the makers' side: the shares are more than the whole."""
    if terms.outlet_bps + terms.programme_bps > WHOLE:
        raise Rejected("shares_exceed_whole", "outlet and programme together take more than 100 %")
