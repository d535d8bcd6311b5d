"""What of a price goes to whom: for the public pages, from what is agreed with the outlets today."""

from shared.contracts.message import Part, Query, Rupiah


class Range(Part):
    """Whole rupiah. Both are equal when all outlets agree to the same."""

    least: Rupiah
    most: Rupiah


class PriceParts(Part):
    """The parts differ from outlet to outlet: each is given from its least to its most.

    `outlets`: how many; 0: nothing is agreed.
    """

    outlets: int
    outlet: Range
    programme: Range
    makers: Range


class GetPriceParts(Query[PriceParts], wire="sales.GetPriceParts.v1"):
    """How a piece that is sold for `price` today, without any promotion, would be split at the outlets."""

    price: Rupiah
