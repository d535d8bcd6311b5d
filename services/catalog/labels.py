"""Labels as a PDF: A4 sheets of 3 x 8, each with title, price, SKU, EAN-13 barcode and the story's QR code."""

from collections.abc import Sequence
from io import BytesIO
from threading import Lock

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.eanbc import Ean13BarcodeWidget
from reportlab.graphics.barcode.qr import QrCode
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from shared.contracts.catalog import Product, Unit
from shared.lettering import BOLD, PLAIN, fit, load_fonts
from shared.money import rupiah

ACROSS, DOWN = 3, 8
WIDTH, HEIGHT = 70 * mm, 37 * mm
TOP = (A4[1] - DOWN * HEIGHT) / 2
"""What the labels leave of the sheet above and below."""

MARGIN = 5 * mm
"""Office printers leave the outermost 4 to 5 mm of a sheet white, and labels lie at its edge."""

TITLE_LINES, TITLE_SIZE = 2, 7.5
BAR_WIDTH, BAR_HEIGHT = 0.33 * mm, 14 * mm
"""EAN-13 at its nominal width; lower than nominal, as small goods have it."""

QR_SIZE = 20 * mm
"""With its quiet zone. At 80 characters a module is still 0.4 mm wide."""

_one_at_a_time = Lock()


def draw(product: Product, units: Sequence[Unit]) -> bytes:
    """The sheets for these pieces, in their order. The same pieces give the same bytes. For a thread of its own."""
    # The fonts are files that are read from where the last reader stopped.
    with _one_at_a_time:
        load_fonts()
        page = BytesIO()
        canvas = Canvas(page, pagesize=A4, pageCompression=1, invariant=1)
        canvas.setTitle(f"{product.sku} {product.title}")
        for place, unit in enumerate(units):
            row, column = divmod(place % (ACROSS * DOWN), ACROSS)
            if place and not row and not column:
                canvas.showPage()
            canvas.saveState()
            canvas.translate(column * WIDTH, A4[1] - TOP - (row + 1) * HEIGHT)
            _draw_label(canvas, product, unit)
            canvas.restoreState()
        canvas.save()
        return page.getvalue()


def _draw_label(canvas: Canvas, product: Product, unit: Unit) -> None:
    """From the label's lower left corner on."""
    for number, line in enumerate(fit(product.title, BOLD, TITLE_SIZE, WIDTH - 2 * MARGIN, TITLE_LINES)):
        canvas.setFont(BOLD, TITLE_SIZE)
        canvas.drawString(MARGIN, HEIGHT - 6.9 * mm - number * 1.2 * TITLE_SIZE, line)
    canvas.setFont(BOLD, 9)
    canvas.drawString(MARGIN, 22.7 * mm, rupiah(product.price))
    canvas.setFont(PLAIN, 6)
    canvas.drawString(MARGIN, 20 * mm, product.sku)
    bars = Ean13BarcodeWidget(
        unit.serial[:12], barWidth=BAR_WIDTH, barHeight=BAR_HEIGHT, fontName=PLAIN, fontSize=7, x=MARGIN, y=0
    )
    drawing = Drawing(WIDTH, BAR_HEIGHT)
    drawing.add(bars)
    renderPDF.draw(drawing, canvas, 0, MARGIN)
    code = QrCode(unit.story_url, width=QR_SIZE, height=QR_SIZE, qrLevel="M")
    code.drawOn(canvas, WIDTH - MARGIN - QR_SIZE + 2 * mm, MARGIN - 2 * mm)
