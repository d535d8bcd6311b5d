"""Messages that wait: for what they need (tried again by themselves) or for a person. Nothing here is ever deleted."""

from shared.runtime.parked.acts import Act
from shared.runtime.parked.message import ParkedMessage, next_try, of_refused, of_unreadable
from shared.runtime.parked.storage import lock_waiting, wake

__all__ = ["Act", "ParkedMessage", "lock_waiting", "next_try", "of_refused", "of_unreadable", "wake"]
