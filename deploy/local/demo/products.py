"""What the makers made: a product for every stock code of the file."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from deploy.local.demo.people import CRAFTS
from deploy.local.demo.till_data import JAKARTA, Line, sku_of

SEED = 19451105
PRICED_FROM = datetime(2026, 11, 1, tzinfo=JAKARTA)
NO_PRICE = 20_000
"""What a piece costs that the file only gives away."""

REPRICED = 25
"""Of one product in so many the next year's price is set already."""

SHOWN = 100
"""One product in so many has a picture and a story."""

WEIGHTS = ((1,), (1,), (1,), (2, 1), (1, 1), (5, 3, 2), (1, 1, 1))
CRITERIA = (
    "market-fit", "sale-value", "finish", "consistency", "repeatability", "price-realism", "authenticity",
)  # fmt: skip
TECHNIQUES = {
    "batik": ("tulis", "katun primisima"), "embroidery": ("sulam pita", "katun"),
    "knitting": ("rajut tangan", "benang katun"), "sewing": ("jahit mesin", "kain perca"),
    "weaving": ("tenun meja", "benang katun"), "newspaper-miniatures": ("pilin kertas", "koran bekas"),
}  # fmt: skip
TELLING = {
    "KNIT": "knitting", "WOOL": "knitting", "CROCHET": "knitting", "EMBROID": "embroidery", "LACE": "embroidery",
    "CUSHION": "sewing", "BAG": "sewing", "APRON": "sewing", "DOLL": "sewing", "PAPER": "newspaper-miniatures",
    "CARD": "newspaper-miniatures", "BASKET": "weaving", "WICKER": "weaving", "RUG": "weaving", "SCARF": "batik",
    "SARI": "batik", "TEA TOWEL": "batik",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """A juror's scores, in the order of CRITERIA."""

    juror: int
    scores: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A submission and what comes of it. `makers`: number and weight; `verdict`: approve, changes or reject.

    `shown`: with a picture and a story in two languages.
    """

    code: str
    title: str
    craft: str
    hours: int
    price: int
    makers: tuple[tuple[int, int], ...]
    reviews: tuple[Review, ...]
    verdict: str = "approve"
    reasons: tuple[str, ...] = ()
    advice: str = ""
    repriced: bool = False
    shown: bool = False

    @property
    def sku(self) -> str:
        """What its label says, once it is approved."""
        return sku_of(self.code)


def products(lines: Sequence[Line], trained: Mapping[str, Sequence[int]]) -> list[Product]:
    """One for each stock code, in the order of the file. `trained`: the makers who hold each craft's certificate."""
    prices: dict[str, Counter[int]] = defaultdict(Counter)
    titles: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        prices[line.code].update([line.price] if line.price else [])
        titles[line.code].update([line.title] if line.title else [])
    return [_product(i, code, titles[code], prices[code], trained) for i, code in enumerate(titles)]


def _product(
    i: int, code: str, titles: Counter[str], prices: Counter[int], trained: Mapping[str, Sequence[int]]
) -> Product:
    chance = Random(f"{SEED} {code}")  # noqa: S311 the same makers in every run
    title = titles.most_common(1)[0][0] if titles else f"Item {code}"
    craft = craft_of(code, title)
    weights = chance.choice(WEIGHTS)
    makers = tuple(zip(chance.sample(list(trained[craft]), len(weights)), weights, strict=True))
    return Product(
        code=code,
        title=title,
        craft=craft,
        hours=chance.randint(1, 40),
        price=prices.most_common(1)[0][0] if prices else NO_PRICE,
        makers=makers,
        reviews=tuple(Review(juror, _scores(chance)) for juror in ((0, 1) if i % 10 == 9 else (i % 2,))),
        repriced=i % REPRICED == 0,
        shown=i % SHOWN == 0,
    )


def craft_of(code: str, title: str) -> str:
    """By a word of the title when one tells, else any, but always the same."""
    telling = [craft for word, craft in TELLING.items() if word in title.upper()]
    return telling[0] if telling else CRAFTS[zlib.crc32(code.encode()) % len(CRAFTS)]


def _scores(chance: Random) -> tuple[int, ...]:
    return tuple(chance.randint(6, 10) for _ in CRITERIA)
