"""What a thing is made of and how: batik that is batik (SNI 0239:2014, 8184:2015), animal material that is halal."""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.catalog import Caution, Submission
from shared.contracts.training import Craft
from shared.errors import Invalid, Rejected

JAKARTA = ZoneInfo("Asia/Jakarta")
TECHNIQUES = ("tulis", "cap", "kombinasi")
"""How hot wax is drawn on cloth: by canting, by stamp, by both."""

FILLING = {"batik", "canting", "teknik", "dan", "malam", "panas"}
"""Words that people put around a technique."""

PRINTED = re.compile(r"\b(print|prints|printed|printing|cetak|cetakan|sablon|digital)\b", re.IGNORECASE)
BATIK = re.compile(r"\bbatik\b", re.IGNORECASE)
WORD = re.compile(r"[a-z]+")


def technique_of(craft: Craft, technique: str) -> str:
    """The technique's name: for batik one of three, however it was written. Raises Invalid."""
    if craft is not Craft.BATIK:
        return technique
    words = set(WORD.findall(technique.lower())) - FILLING
    if words == {"tulis", "cap"} or "kombinasi" in words <= set(TECHNIQUES):
        return "kombinasi"
    for known in TECHNIQUES:
        if words == {known}:
            return known
    reason = f"batik is made by one of {', '.join(TECHNIQUES)}"
    raise Invalid("technique_unknown", f"technique: {reason}", errors=[{"field": "technique", "reason": reason}])


def check_authentic(craft: Craft, title: str, technique: str, material: str) -> None:
    """Raises Rejected for printed cloth that is called batik."""
    called = craft is Craft.BATIK or any(map(BATIK.search, (title, technique, material)))
    if called and any(map(PRINTED.search, (technique, material))):
        raise Rejected("printed_is_no_batik", "printed cloth is no batik (SNI 0239:2014, 8184:2015): name what it is")


def check_halal(submission: Submission, halal_from: datetime | None, now: datetime) -> None:
    """Raises Rejected, once the rule holds, for animal material without a certificate."""
    if _uncertified(submission) and halal_from is not None and halal_from <= now:
        raise Rejected(
            "halal_certificate_missing",
            f"since {_day(halal_from)} material from animals needs its halal certificate: ask for changes; its "
            "number comes with the next round",
        )


def cautions(submission: Submission, halal_from: datetime | None) -> list[Caution]:
    """What is to be looked at before the decision."""
    return list(_cautions(submission, halal_from))


def _cautions(submission: Submission, halal_from: datetime | None) -> Iterable[Caution]:
    if submission.contains_animal_material is None:
        yield Caution(code="animal_material_unknown", detail="nobody has said whether it contains animal material")
    elif _uncertified(submission):
        since = f"from {_day(halal_from)} on it is not approved without" if halal_from else "it comes without"
        yield Caution(code="halal_certificate_missing", detail=f"{since} the halal certificate of its animal material")


def _uncertified(submission: Submission) -> bool:
    return bool(submission.contains_animal_material) and not submission.halal_certificate


def _day(moment: datetime) -> str:
    return moment.astimezone(JAKARTA).date().isoformat()
