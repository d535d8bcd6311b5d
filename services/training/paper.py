"""A certificate as a PDF: A4 across, in Indonesian, with the QR code that leads to what it is worth."""

from io import BytesIO
from threading import Lock

from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from services.training.domain.certificates import CRAFTS, hours, long_day
from shared.contracts.training import Certificate
from shared.lettering import BOLD, PLAIN, fit, load_fonts, printable

WIDTH, HEIGHT = landscape(A4)
FRAME, MARGIN = 10 * mm, 30 * mm
QR_SIZE = 34 * mm
"""With its quiet zone. At 100 characters a module is still 0.6 mm wide."""

NAME_SIZES = (34, 28, 22, 17, 14, 11)
"""A name is never cut while it can be written smaller."""

_one_at_a_time = Lock()


def draw(certificate: Certificate, name: str, url: str) -> bytes:
    """One page. The same certificate gives the same bytes. For a thread of its own."""
    # The fonts are files that are read from where the last reader stopped.
    with _one_at_a_time:
        load_fonts()
        page = BytesIO()
        canvas = Canvas(page, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1)
        canvas.setTitle(f"Sertifikat {certificate.number}")
        canvas.setLineWidth(1.2)
        canvas.rect(FRAME, FRAME, WIDTH - 2 * FRAME, HEIGHT - 2 * FRAME)
        _draw_holder(canvas, name)
        _draw_course(canvas, certificate)
        _draw_proof(canvas, certificate, url)
        canvas.save()
        return page.getvalue()


def _draw_holder(canvas: Canvas, name: str) -> None:
    _centre(canvas, "SERTIFIKAT", BOLD, 36, HEIGHT - 42 * mm)
    _centre(canvas, "Karya Rusun", PLAIN, 14, HEIGHT - 52 * mm)
    _centre(canvas, "diberikan kepada", PLAIN, 13, HEIGHT - 70 * mm)
    width = WIDTH - 2 * MARGIN
    whole = printable(name, BOLD)
    size = next((size for size in NAME_SIZES if stringWidth(whole, BOLD, size) <= width), NAME_SIZES[-1])
    for line in fit(name, BOLD, size, width, 1):
        _centre(canvas, line, BOLD, size, HEIGHT - 86 * mm)


def _draw_course(canvas: Canvas, certificate: Certificate) -> None:
    _centre(canvas, "yang telah menyelesaikan pelatihan", PLAIN, 13, HEIGHT - 102 * mm)
    for number, line in enumerate(fit(certificate.title, BOLD, 20, WIDTH - 2 * MARGIN, 2)):
        _centre(canvas, line, BOLD, 20, HEIGHT - 114 * mm - number * 9 * mm)
    what = f"{CRAFTS[certificate.craft]}, {hours(certificate.minutes)}"
    _centre(canvas, what, PLAIN, 14, HEIGHT - 134 * mm)


def _draw_proof(canvas: Canvas, certificate: Certificate, url: str) -> None:
    canvas.setFont(PLAIN, 12)
    canvas.drawString(MARGIN, 46 * mm, f"Jakarta, {long_day(certificate.issued_on)}")
    canvas.setFont(BOLD, 12)
    canvas.drawString(MARGIN, 38 * mm, f"Nomor {certificate.number}")
    canvas.setFont(PLAIN, 8)
    canvas.drawString(MARGIN, 30 * mm, "Pindai kode ini untuk memeriksa keasliannya:")
    canvas.drawString(MARGIN, 26 * mm, url)
    code = QrCode(url, width=QR_SIZE, height=QR_SIZE, qrLevel="M")
    code.drawOn(canvas, WIDTH - MARGIN - QR_SIZE, 22 * mm)


def _centre(canvas: Canvas, text: str, font: str, size: float, y: float) -> None:
    canvas.setFont(font, size)
    canvas.drawCentredString(WIDTH / 2, y, text)
