"""Tills as a whole: findings that a person should look at, closings, exchanges, sales at other prices."""

from shared.contracts.message import Event

EVENTS: tuple[type[Event], ...] = ()
