"""What becomes of a certificate after it was issued, and how it names its holder to strangers."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from shared.contracts.training import Certificate, CertificateState, Craft
from shared.errors import Rejected

COURTESIES = frozenset({"ibu", "bu", "hj", "hajjah", "nyonya", "ny", "nona"})
"""What stands before a name and is none."""

CRAFTS = {
    Craft.BATIK: "Membatik",
    Craft.EMBROIDERY: "Menyulam",
    Craft.KNITTING: "Merajut",
    Craft.SEWING: "Menjahit",
    Craft.WEAVING: "Menenun",
    Craft.NEWSPAPER_MINIATURES: "Miniatur kertas koran",
    Craft.BUSINESS: "Kewirausahaan",
}
"""As they are printed, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Ending:
    """When, by whom and why a certificate ceases to be valid."""

    at: datetime
    by: str
    reason: str


def initials(name: str) -> str | None:
    """`Ibu Siti Aminah` is `S. A.`; None when nothing of it is a name."""
    words = [word for word in name.split() if word.strip(".").casefold() not in COURTESIES]
    letters = [next((letter for letter in word if letter.isalpha()), "") for word in words]
    return " ".join([f"{letter.upper()}." for letter in letters if letter]) or None


def hours(minutes: int) -> str:
    """`12 jam 30 menit`, `45 menit`."""
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} jam"] if whole else []
    return " ".join(parts + ([f"{rest} menit"] if rest or not whole else []))


def long_day(day: date) -> str:
    """`21 November 2026`, with the month in Indonesian."""
    return str(format_date(day, "d MMMM y", locale="id"))


def verify_url(public_url: str, number: str) -> str:
    """Where anybody can see what a certificate is worth."""
    return f"{public_url.rstrip('/')}/verify/{number}"


def check_valid(certificate: Certificate) -> None:
    """Raises Rejected for one that has been revoked, or that another has taken the place of."""
    if certificate.state is CertificateState.REVOKED:
        raise Rejected("certificate_revoked", f"Certificate {certificate.number} has been revoked")
    if certificate.state is CertificateState.SUPERSEDED:
        detail = f"Certificate {certificate.number} has been replaced by {certificate.replaced_by}"
        raise Rejected("certificate_superseded", detail)


def check_named(name: str) -> None:
    """Raises Rejected for a maker of whom nobody knows any more who she is: her paper would name nobody."""
    if not name.strip():
        raise Rejected("maker_anonymised", "There is no name to print on this certificate any more")
