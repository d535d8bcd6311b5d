"""Photos as files: what was sent is looked into, turned upright, stripped of all it tells, and made small."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from shared.errors import Invalid, Unavailable

FORMATS = ("JPEG", "PNG", "WEBP")
WEB, THUMBNAIL = 1600, 400
"""The longer side at most, in pixels."""

LONGEST = 12_000
"""Pixels that a side may have: more than any phone's camera makes."""

MOST_JPEG, MOST_OTHER = 64_000_000, 16_000_000
"""Pixels. A JPEG can be read at a part of its size; of the others every pixel is in memory at once."""

QUALITY = 82
PATIENCE_SECONDS = 6.0
"""Less than whoever asks waits, and than a transaction may be idle."""

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
    """Raises Invalid for what is no photo, only a part of one, or too large; Unavailable when too many come at once.

    For a thread of its own.
    """
    # One photo may take 250 MB while it is read: not several at once.
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable("photos_busy", "too many photos come at once; send it again")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd in a file; what is wrong with it is an error
            web = _read(content)
        thumbnail = web.copy()
        thumbnail.thumbnail((THUMBNAIL, THUMBNAIL))
        return Developed(_jpeg(web), _jpeg(thumbnail), *web.size)
    except (Invalid, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise _refused(f"more than {LONGEST} pixels wide or high") from None
    except UnidentifiedImageError:
        raise _refused("no JPEG, PNG or WebP image, whatever it is called") from None
    except Exception:
        # Whatever a decoder stumbles over, from a wrong number to a wrong type, it is the content's fault.
        raise _refused("the image is damaged, or a part of it is missing") from None
    finally:
        _one_at_a_time.release()


def _read(content: bytes) -> Image.Image:
    """Upright, in RGB, no larger than the web shows it. Its size is looked at before its pixels are."""
    image = Image.open(BytesIO(content), formats=FORMATS)
    _check_size(image)
    image.draft("RGB", (WEB, WEB))
    image.load()
    # Shrunk first: turning 64 million pixels would take four times their room.
    orientation, profile = image.getexif().get(0x0112), image.info.get("icc_profile")
    small = _plain(image)
    if profile and image.mode in ("RGB", "RGBA"):
        small = _in_srgb(small, profile)
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
    """Pixels and nothing else, as many as the web shows; what can be seen through becomes white."""
    seen_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if seen_through else "RGB"
    small = image if image.mode == mode else image.convert(mode)
    small.thumbnail((WEB, WEB))
    plain = Image.new("RGB", small.size, WHITE)
    plain.paste(small, mask=small.getchannel("A") if seen_through else None)
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """As it looked on the phone: without its profile, phones' wide colours would come out pale."""
    try:
        seen = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, seen, ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError):
        return image


def _jpeg(image: Image.Image) -> bytes:
    """A new file: EXIF, GPS, comments, profiles and hidden previews of what was sent are not in it."""
    file = BytesIO()
    Image.frombytes("RGB", image.size, image.tobytes()).save(
        file, "JPEG", quality=QUALITY, optimize=True, progressive=True
    )
    return file.getvalue()


def _refused(reason: str) -> Invalid:
    return Invalid("invalid", f"content: {reason}", errors=[{"field": "content", "reason": reason}])
