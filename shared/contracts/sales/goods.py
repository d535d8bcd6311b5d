"""Goods: deliveries in all directions, claims, stock counts, reservations, what sells slowly."""

from shared.contracts.message import Event

EVENTS: tuple[type[Event], ...] = ()
