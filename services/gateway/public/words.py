"""The words of public pages, in both languages."""

from collections.abc import Mapping

from shared.contracts.training import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    Language.INDONESIAN: {
        "programme": "Karya ibu-ibu rumah susun Jakarta",
        "other_language": "English",
        "story": "Kisahnya",
        "made_by": "Dibuat oleh",
        "one_maker": "Seorang perajin program ini",
        "many_makers": "{} perajin program ini",
        "more_makers": "dan {} perajin lain",
        "trained": "Pelatihan di baliknya",
        "certified": "{} memegang sertifikat: {}.",
        "technique": "Teknik",
        "material": "Bahan",
        "hours": "Waktu pengerjaan",
        "hours_value": "{} jam",
        "serial": "Nomor karya",
        "sku": "Kode produk",
        "price": "Harga",
        "parts": "Ke mana uangnya pergi",
        "makers_part": "Perajin",
        "outlet_part": "Gerai",
        "programme_part": "Program",
        "parts_note": "Dari harga saat ini. Bagian setiap pihak bisa berbeda di tiap gerai.",
        "photos": "Foto",
        "footer": "Nama, foto dan bagian harga hanya ditampilkan selama pembuatnya setuju.",
        "certificate": "Sertifikat",
        "valid": "Sertifikat ini sah",
        "superseded": "Sertifikat ini sudah diganti",
        "revoked": "Sertifikat ini sudah dicabut",
        "replaced_by": "Diganti oleh",
        "holder": "Pemegang",
        "not_named": "Tidak ditampilkan",
        "craft": "Kerajinan",
        "course": "Kursus",
        "attended": "Waktu belajar",
        "issued_on": "Tanggal terbit",
        "number": "Nomor",
        "verify_footer": "Nama hanya ditampilkan selama pemegangnya setuju.",
        "not_found": "Halaman ini tidak ada",
        "not_found_text": "Periksa kembali kode pada label atau nomor pada sertifikat.",
        "away": "Sebentar ya",
        "away_text": "Halaman ini belum bisa ditampilkan. Silakan coba lagi sebentar lagi.",
    },
    Language.ENGLISH: {
        "programme": "Made in Jakarta's rental flats",
        "other_language": "Bahasa Indonesia",
        "story": "Its story",
        "made_by": "Made by",
        "one_maker": "A maker of this programme",
        "many_makers": "{} makers of this programme",
        "more_makers": "and {} more",
        "trained": "The training behind it",
        "certified": "{} holds a certificate: {}.",
        "technique": "Technique",
        "material": "Material",
        "hours": "Time to make",
        "hours_value": "{} hours",
        "serial": "Piece number",
        "sku": "Product code",
        "price": "Price",
        "parts": "Where the money goes",
        "makers_part": "Makers",
        "outlet_part": "Outlet",
        "programme_part": "Programme",
        "parts_note": "Of the price of now. What each gets can differ from outlet to outlet.",
        "photos": "Photos",
        "footer": "Names, photos and the parts of the price are shown only as long as the makers agree.",
        "certificate": "Certificate",
        "valid": "This certificate is valid",
        "superseded": "This certificate has been replaced",
        "revoked": "This certificate has been revoked",
        "replaced_by": "Replaced by",
        "holder": "Holder",
        "not_named": "Not shown",
        "craft": "Craft",
        "course": "Course",
        "attended": "Time attended",
        "issued_on": "Issued on",
        "number": "Number",
        "verify_footer": "The name is shown only as long as its holder agrees.",
        "not_found": "There is no such page",
        "not_found_text": "Please check the code on the label or the number on the certificate.",
        "away": "One moment",
        "away_text": "This page cannot be shown now. Please try again in a little while.",
    },
}

UNITS: Mapping[Language, tuple[str, str, str, str]] = {
    Language.INDONESIAN: ("jam", "jam", "menit", "menit"),
    Language.ENGLISH: ("hour", "hours", "minute", "minutes"),
}
"""One hour, several; one minute, several."""


def duration(minutes: int, language: Language) -> str:
    """`18 jam 30 menit`"""
    hour, hours, minute, more = UNITS[language]
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} {hour if whole == 1 else hours}"] if whole else []
    if rest or not whole:
        parts.append(f"{rest} {minute if rest == 1 else more}")
    return " ".join(parts)
