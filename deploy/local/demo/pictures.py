"""Small pictures of products, drawn: stripes in colours that follow from the product's code, the same in every run."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 360)
STRIPES = 12


def draw(code: str) -> bytes:
    """A PNG."""
    chance = Random(code)  # noqa: S311 the same picture in every run
    picture = Image.new("RGB", SIZE, _colour(chance, 190))
    pen, (width, height) = ImageDraw.Draw(picture), SIZE
    for n in range(STRIPES):
        left, top = n * width // STRIPES, chance.randrange(height // 3)
        pen.rectangle((left, top, left + width // STRIPES - 8, height - top), fill=_colour(chance, 40))
    pen.ellipse((width // 3, height // 4, 2 * width // 3, 3 * height // 4), fill=_colour(chance, 120))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _colour(chance: Random, darkest: int) -> tuple[int, int, int]:
    red, green, blue = (chance.randrange(darkest, darkest + 60) for _ in range(3))
    return (red, green, blue)
