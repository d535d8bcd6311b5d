"""Puts something around what a class or a module does."""

from collections.abc import Callable
from typing import Any


def wrap(owner: Any, name: str, wrapper: Callable[[Any], Any]) -> None:
    """`wrapper` is given what is there and returns what shall be there."""
    setattr(owner, name, wrapper(getattr(owner, name)))
