"""What the jury does not take at once: sent back and handed in again, or refused, always with a way forward."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.demo.products import CRITERIA, Product, Review

FIRST_JUROR, SECOND_JUROR = 0, 1
GOOD = (8, 7, 8, 9, 7, 8, 9)
"""Of a second round."""

HOURS, PRICE = 8, 75_000
CHEAPER = 60_000


@dataclass(frozen=True, slots=True)
class Trial:
    """`product`: as it was first handed in. `changed`: what is otherwise in the second round, empty without one.

    `remedial`: after a session with the trainer; `animal`: made of wool, without a halal certificate.
    """

    product: Product
    advice_en: str
    changed: str = ""
    remedial: bool = False
    animal: bool = False
    price: int = PRICE

    @property
    def is_approved(self) -> bool:
        """In its second round."""
        return bool(self.changed)

    @property
    def maker(self) -> int:
        """Her number; she made it alone."""
        return self.product.makers[0][0]

    @property
    def decisions(self) -> int:
        """How often she is told what the jury decided."""
        return 2 if self.changed else 1


@dataclass(frozen=True, slots=True)
class _Case:
    title: str
    verdict: str
    reason: str
    advice: str
    advice_en: str
    changed: str = ""


CASES = {
    "batik": _Case(
        "Selendang batik ondel-ondel", "changes", "Warna luntur saat dicuci",
        "Ulangi penguncian warna bersama pelatih", "Fix the colours once more, together with your trainer",
        "Warna dikunci ulang bersama pelatih, sudah dicuci tiga kali"),
    "embroidery": _Case(
        "Taplak bordir melati", "changes", "Jahitan lepas di sudut", "Perkuat sudut dengan jahitan ganda",
        "Sew the corners twice", "Semua sudut dijahit ganda"),
    "knitting": _Case(
        "Syal rajut bergambar", "reject", "Motif menjiplak merek lain",
        "Ikuti kelas motif berikutnya dan buat motif sendiri", "Come to the next class on patterns and draw your own"),
    "sewing": _Case(
        "Tas belanja kain perca", "changes", "Harga terlalu tinggi untuk gerai",
        "Hitung ulang jam kerja bersama pendamping", "Count your hours again, together with your companion",
        "Jam kerja dihitung ulang, harga turun"),
    "weaving": _Case(
        "Syal tenun wol", "reject", "Bahan mengandung unsur hewan tanpa sertifikat halal",
        "Mintalah sertifikat halal dari penjual wolnya, atau pakai katun",
        "Ask whoever sells the wool for its halal certificate, or take cotton"),
    "newspaper-miniatures": _Case(
        "Miniatur Monas dari koran bekas", "changes", "Ukuran tidak seragam dalam satu set",
        "Pakai satu pola untuk seluruh set", "Use one pattern for the whole set", "Satu pola untuk seluruh set"),
}  # fmt: skip
REMEDIAL, ANIMAL, REPRICED = "batik", "weaving", "sewing"


def trials(trained: Mapping[str, Sequence[int]]) -> list[Trial]:
    """One of each craft."""
    return [_trial(number, craft, case, trained[craft][0]) for number, (craft, case) in enumerate(CASES.items(), 1)]


def again() -> Review:
    """What a juror says of a second round."""
    return Review(SECOND_JUROR, GOOD)


def _trial(number: int, craft: str, case: _Case, maker: int) -> Trial:
    scores = GOOD if craft == ANIMAL else tuple(3 + (number + c) % 3 for c in range(len(CRITERIA)))
    product = Product(
        code=f"KARYA-{number:02}",
        title=case.title,
        craft=craft,
        hours=HOURS,
        price=PRICE,
        makers=((maker, 1),),
        reviews=(Review(FIRST_JUROR, scores),),
        verdict=case.verdict,
        reasons=(case.reason,),
        advice=case.advice,
        shown=True,
    )
    price = CHEAPER if craft == REPRICED else PRICE
    return Trial(product, case.advice_en, case.changed, craft == REMEDIAL, craft == ANIMAL, price)
