"""The words of papers: Indonesian first, English beside it."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from services.gateway.crafts import CRAFTS as BOTH
from shared.contracts.training import Craft, Language

JAKARTA = ZoneInfo("Asia/Jakarta")
CRAFTS: Mapping[Craft, str] = BOTH[Language.INDONESIAN]

KINDS: Mapping[str, str] = {
    "sale": "Terjual / sold",
    "return": "Dikembalikan / returned",
    "void": "Dibatalkan / voided",
    "payout": "Dibayarkan / paid out",
    "repayment": "Cicilan pinjaman / loan repaid",
    "service-fee": "Jasa pinjaman / loan service fee",
    "write-off": "Utang dihapus / debt written off",
    "remittance": "Setoran gerai / remittance",
    "commission": "Komisi gerai / commission kept",
    "bank": "Dari bank / from the bank",
    "loan": "Pinjaman diberikan / loan given",
}
WAITS: Mapping[str, str] = {
    "outlet": "Menunggu setoran gerai / waiting for the outlet",
    "hold": "Menunggu masa tunggu / waiting for its hold days",
    "payable": "Menunggu pembayaran berikutnya / waiting for the next payout",
}
STATES: Mapping[str, str] = {
    "frozen": "disiapkan / prepared",
    "approved": "disetujui / approved",
    "sent": "dikirim / sent",
    "paid": "dibayar / paid",
    "partly_paid": "dibayar sebagian / partly paid",
    "pending": "dalam proses / pending",
    "failed": "gagal / failed",
    "held": "ditahan / held",
    "cancelled": "dibatalkan / cancelled",
}


def addressed(name: str) -> str:
    """`Ibu Siti Aminah`, also when she was registered as that; `Ibu` when nobody knows any more who she is."""
    return name if name.casefold().startswith("ibu ") else f"Ibu {name}".strip()


def kind_of(kind: str, amount: int) -> str:
    """What takes back what took something back gives: a return that was voided."""
    if kind == "void" and amount > 0:
        return "Pengembalian dibatalkan / return voided"
    return KINDS.get(kind, kind)


def short_day(at: date | datetime) -> str:
    """`21 Nov 2026`, the day in Jakarta."""
    return str(format_date(_day(at), "d MMM y", locale="id"))


def long_day(at: date | datetime) -> str:
    """`21 November 2026`"""
    return str(format_date(_day(at), "d MMMM y", locale="id"))


def period(since: date | None, until: date | None) -> str:
    """`1 November 2026 – 30 November 2026`"""
    return f"{long_day(since) if since else 'awal / beginning'} – {long_day(until) if until else 'sekarang / now'}"


def _day(at: date | datetime) -> date:
    return at.astimezone(JAKARTA).date() if isinstance(at, datetime) else at
