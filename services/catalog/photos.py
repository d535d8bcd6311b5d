"""Photos as files: what was sent is looked into, turned upright, stripped of all it tells, and made small."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps, UnidentifiedImageError

from shared.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
WEB, THUMBNAIL = 1600, 400
"""The longer side at most, in pixels."""

LONGEST = 12_000
"""Pixels that a side may have: more than any phone's camera makes."""

MOST_JPEG, MOST_OTHER = 64_000_000, 25_000_000
"""Pixels. A JPEG can be read at a part of its size; of the others every pixel is in memory at once."""

QUALITY = 82
WHITE = (255, 255, 255)
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Developed:
    """Two JPEGs of one photo, and the size of the larger one."""

    web: bytes
    thumbnail: bytes
    width: int
    height: int


def develop(content: bytes) -> Developed:
    """Raises Invalid for what is no photo, only a part of one, or too large. For a thread of its own."""
    # One photo may take 100 MB while it is read: not several at once.
    with _one_at_a_time:
        try:
            web = _read(content)
            thumbnail = web.copy()
            thumbnail.thumbnail((THUMBNAIL, THUMBNAIL))
            return Developed(_jpeg(web), _jpeg(thumbnail), *web.size)
        except Image.DecompressionBombError:
            raise _refused(f"more than {LONGEST} pixels wide or high") from None
        except UnidentifiedImageError:
            raise _refused("no JPEG, PNG or WebP image, whatever it is called") from None
        except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombWarning):
            raise _refused("the image is damaged, or a part of it is missing") from None


def _read(content: bytes) -> Image.Image:
    """Upright, in RGB, no larger than the web shows it. Its size is looked at before its pixels are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = Image.open(BytesIO(content), formats=FORMATS)
    _check_size(image)
    image.draft("RGB", (WEB, WEB))
    image.load()
    # Shrunk first: turning 64 million pixels would take four times their room.
    orientation = image.getexif().get(0x0112)
    small = _plain(image)
    small.thumbnail((WEB, WEB))
    if orientation:
        small.getexif()[0x0112] = orientation
        ImageOps.exif_transpose(small, in_place=True)
    return small


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    most = MOST_JPEG if image.format in ("JPEG", "MPO") else MOST_OTHER
    if max(width, height) > LONGEST or width * height > most:
        raise _refused(f"{width} x {height} pixels; at most {LONGEST} a side and {most // 1_000_000} million in all")


def _plain(image: Image.Image) -> Image.Image:
    """Pixels and nothing else; what can be seen through becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        plain = Image.new("RGB", image.size, WHITE)
        plain.paste(whole, mask=whole.getchannel("A"))
        return plain
    plain = image.convert("RGB")
    plain.info = {}
    return plain


def _jpeg(image: Image.Image) -> bytes:
    """A new file: EXIF, GPS, comments, profiles and hidden previews of what was sent are not in it."""
    file = BytesIO()
    Image.frombytes("RGB", image.size, image.tobytes()).save(
        file, "JPEG", quality=QUALITY, optimize=True, progressive=True
    )
    return file.getvalue()


def _refused(reason: str) -> Invalid:
    return Invalid("invalid", f"content: {reason}", errors=[{"field": "content", "reason": reason}])
