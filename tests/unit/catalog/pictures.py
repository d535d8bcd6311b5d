"""Pictures for tests: as cameras make them, and as nobody should send them."""

import struct
import zlib
from io import BytesIO

from PIL import Image

SECRET = b"Rusun Marunda block A"


def a_picture(
    kind: str = "JPEG", size: tuple[int, int] = (300, 200), color: object = (140, 60, 30), **how: object
) -> bytes:
    file = BytesIO()
    Image.new("RGBA" if isinstance(color, tuple) and len(color) == 4 else "RGB", size, color).save(file, kind, **how)  # type: ignore[arg-type]
    return file.getvalue()


def from_a_phone(blue: int = 255) -> bytes:
    """Lying on its side, left half red, with the place where it was taken and a comment."""
    image = Image.new("RGB", (400, 200), (0, 0, blue))
    image.paste((255, 0, 0), (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (6.0, 7.0, 8.0)
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, comment=SECRET, quality=95)
    return file.getvalue()


def a_huge_png(side: int = 20_000) -> bytes:
    """A small file of 400 million pixels, black and white."""
    packer, row = zlib.compressobj(1), bytes(1 + side // 8)
    data = b"".join([packer.compress(row) for _ in range(side)]) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
