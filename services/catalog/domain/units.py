"""Pieces with a serial: an EAN-13 that is unique in this house and that no other house's goods carry."""

from stdnum import ean

from shared.errors import Rejected

RANGE = "29"
"""GS1 leaves 20 to 29 to each house for its own use."""

LARGEST = 9_999_999_999


def serial(number: int) -> str:
    """The `number`th serial, with its check digit. Raises Rejected past the last one."""
    if number > LARGEST:
        raise Rejected("serials_used_up", f"all {LARGEST} serials that begin with {RANGE} have been given out")
    digits = f"{RANGE}{number:010}"
    return digits + str(ean.calc_check_digit(digits))


def story_url(public_url: str, serial: str) -> str:
    """Where the buyer of this piece reads who made it."""
    return f"{public_url.rstrip('/')}/story/{serial}"
