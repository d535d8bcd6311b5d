"""Photos: how many, and whom they may show."""

from collections.abc import Sequence
from uuid import UUID

from shared.contracts.catalog.photos import Photo
from shared.errors import Rejected

MOST = 8
"""Of one submission, and of the product that it becomes."""


def check_room(count: int) -> None:
    """Raises Rejected when there are as many as there may be."""
    if count >= MOST:
        raise Rejected("too_many_photos", f"there are {MOST}; remove one first")


def check_agreed(unwilling: Sequence[UUID]) -> None:
    """Raises Rejected for a photo that nobody could be shown."""
    if unwilling:
        raise Rejected("photo_not_agreed", f"no consent to photos: {', '.join([str(maker) for maker in unwilling])}")


def check_seen(photo: Photo, *, blind: bool) -> None:
    """Raises Rejected: what a maker has withdrawn is nobody's to look at, and a face tells a juror whose work it is."""
    if photo.hidden:
        raise Rejected("photo_hidden", "a maker whom it shows has withdrawn her consent")
    if blind and photo.shows:
        raise Rejected("photo_tells_whose", "it shows a maker; jurors see it when they have spoken")


def conceal(photos: Sequence[Photo], *, blind: bool) -> list[Photo]:
    """For a juror who has not spoken: things only, without the captions, which may name somebody."""
    if not blind:
        return list(photos)
    return [photo.model_copy(update={"caption": ""}) for photo in photos if not photo.shows]
