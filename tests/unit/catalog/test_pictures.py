"""What is sent as a photo is looked into: it comes out upright, small and silent, or it is refused."""

import resource
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from services.catalog import photos
from services.catalog.photos import THUMBNAIL, WEB, develop
from shared.errors import Invalid, Unavailable
from tests.unit.catalog.pictures import SECRET, a_huge_png, a_picture, from_a_phone

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = a_picture("GIF")
CAMERA = from_a_phone()
WHOLE = a_picture(size=(600, 400))


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_two_jpegs(kind: str) -> None:
    developed = develop(a_picture(kind, size=(3000, 2000)))

    web, thumbnail = opened(developed.web), opened(developed.thumbnail)
    assert (web.format, thumbnail.format) == ("JPEG", "JPEG")
    assert (developed.width, developed.height) == web.size == (WEB, 1067)
    assert max(thumbnail.size) == THUMBNAIL


def test_a_small_photo_is_not_made_larger() -> None:
    assert opened(develop(a_picture(size=(300, 200))).web).size == (300, 200)


def test_a_photo_is_turned_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    sent = from_a_phone()
    assert SECRET in sent

    developed = develop(sent)

    web = opened(developed.web).convert("RGB")
    assert web.size == (200, 400)
    top, bottom = web.getpixel((100, 50)), web.getpixel((100, 350))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 200 and top[2] < 50, "red is above"
    assert bottom[2] > 200 and bottom[0] < 50, "blue is below"
    for made in (developed.web, developed.thumbnail):
        assert SECRET not in made
        assert b"Exif" not in made
        assert not opened(made).getexif()


def test_a_photo_keeps_its_colours_whatever_profile_it_comes_with() -> None:
    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (standard, b"no profile at all"):
        made = develop(a_picture(color=(200, 90, 30), quality=95, icc_profile=profile)).web
        pixel = opened(made).getpixel((50, 50))
        assert isinstance(pixel, tuple)
        assert all(abs(seen - sent) <= 4 for seen, sent in zip(pixel, (200, 90, 30), strict=True)), profile[:9]
        assert "icc_profile" not in opened(made).info


def test_what_can_be_seen_through_becomes_white() -> None:
    web = opened(develop(a_picture("PNG", color=(0, 0, 0, 0))).web)

    assert web.getpixel((10, 10)) == (255, 255, 255)


def test_the_same_photo_makes_the_same_files() -> None:
    assert develop(WHOLE) == develop(WHOLE)


@pytest.mark.parametrize(
    "content",
    [
        HTML,
        SVG,
        GIF,
        b"",
        b"\xff\xd8\xff",
        WHOLE[: len(WHOLE) // 2],
        a_picture("PNG")[:-30],
        b"\x89PNG\r\n\x1a\n" + HTML,
    ],
    ids=["html", "svg", "gif", "nothing", "a jpeg's first bytes", "half a jpeg", "half a png", "html behind png"],
)
def test_what_is_no_whole_photo_is_refused_naming_the_content(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        develop(content)

    assert [fault["field"] for fault in refused.value.errors] == ["content"]


def test_a_png_of_20000_by_20000_pixels_is_refused_without_being_read() -> None:
    bomb = a_huge_png()
    assert len(bomb) < 5 * 1024 * 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Invalid) as refused:
        develop(bomb)

    assert refused.value.errors[0]["field"] == "content"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20 * 1024, f"{grown} KiB more"


@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=30),
)
def test_a_photo_with_wrong_bytes_in_it_is_a_photo_or_refused_and_nothing_else(
    kind: str, wrong: list[tuple[int, int]]
) -> None:
    content = bytearray(CAMERA if kind == "JPEG" else a_picture(kind, size=(60, 40)))
    for place, byte in wrong:
        content[place % len(content)] = byte
    try:
        assert develop(bytes(content)).web.startswith(b"\xff\xd8\xff")
    except Invalid as refused:
        assert refused.errors[0]["field"] == "content"


def test_who_comes_while_too_many_wait_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "PATIENCE_SECONDS", 0.01)
    with photos._one_at_a_time, pytest.raises(Unavailable, match="photos_busy"):
        develop(WHOLE)
    assert develop(WHOLE).width == 600


@pytest.mark.parametrize("size", [(12_001, 10), (6000, 3000)])
def test_a_photo_larger_than_cameras_make_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="pixels"):
        develop(a_picture("PNG", size=size))
