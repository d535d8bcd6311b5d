"""Settlement: payouts through the cooperatives, and debts that are written off."""

from shared.contracts.message import Event

EVENTS: tuple[type[Event], ...] = ()
