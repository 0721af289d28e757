"""A report as PDF: the sheet that HTML and text set too, drawn on A4, the data attached.

Run as a child process, ``python -m reserves_gui.gui.pdf TARGET [LANGUAGE]`` with the report's JSON on standard input,
so that whoever wants the file need not load Qt. Exit code 0, or 1 with nothing written.

2026-11-22: Qt's writer makes no structure tree (tagged PDF); the same report as HTML is the accessible one.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QPointF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtWidgets import QApplication

from reserves_gui import __version__
from reserves_gui.errors import ReservesError
from reserves_gui.gui.paper import Ink, advance, block, paged, paint_block
from reserves_gui.gui.pdf_items import PAGE_WIDTH, page_items
from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import LIGHT, Role, colour
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, render
from reserves_gui.services.report_view import (
    ATTACHMENT,
    Report,
    Sheet,
    canonical_bytes,
    parse_report,
    report_json,
    sheet,
)

_DPI = 1200
_SCALE = _DPI / 96
# A4 at 96 dpi is 794 x 1123; what is left inside the margins, below the head and above the foot.
_MARGIN = (794 - PAGE_WIDTH) / 2
_TOP = 76.0
_BOTTOM = 1123 - 72.0
_HEAD = 40.0
_FOOT = 1123 - 52.0


def write_pdf(report: Report, target: Path, language: str) -> int:
    """Draw the report and write it to ``target``; returns the number of pages. The application must exist."""
    document = report_json(report)
    made = sheet(report, document["reference"], language)
    pages = paged(page_items(made, LIGHT), _BOTTOM - _TOP)
    writer = _writer(target, made)
    writer.addFileAttachment(ATTACHMENT, QByteArray(canonical_bytes(document)), "application/json")
    painter = QPainter(writer)
    painter.scale(_SCALE, _SCALE)
    for number, items in enumerate(pages, start=1):
        if number > 1:
            writer.newPage()
        _frame(painter, made, number, len(pages))
        painter.save()
        painter.translate(_MARGIN, 0)
        y = _TOP
        for item in items:
            item.draw(painter, y)
            y += item.height
        painter.restore()
    painter.end()
    return len(pages)


def _writer(target: Path, made: Sheet) -> QPdfWriter:
    writer = QPdfWriter(str(target))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    writer.setResolution(_DPI)
    writer.setTitle(f"{made.title} – {made.reference_label} {made.reference}")
    writer.setCreator(f"Reserves {__version__}")
    return writer


def _frame(painter: QPainter, made: Sheet, number: int, count: int) -> None:
    """Title and kind on top; the reference and the page number on the foot of every page."""
    small = Ink(font=picture_font(Role.SMALL), colour=LIGHT.text3, line=16)
    exact = Ink(font=picture_font(Role.MONO_SMALL), colour=LIGHT.text3, line=16)
    exact.font.setPixelSize(10)
    paint_block(painter, block(f"{made.title} · {made.kind}", small, x=_MARGIN, width=PAGE_WIDTH), _HEAD)
    painter.setPen(QPen(colour(LIGHT.line), 1))
    painter.drawLine(QPointF(_MARGIN, _FOOT - 8), QPointF(_MARGIN + PAGE_WIDTH, _FOOT - 8))
    label = block(made.reference_label, small, x=_MARGIN, width=PAGE_WIDTH)
    paint_block(painter, label, _FOOT)
    right = _MARGIN + advance(made.reference_label, small.font) + 8
    paint_block(painter, block(made.reference, exact, x=right, width=PAGE_WIDTH), _FOOT)
    page = render(Message("report.page", {"number": number, "count": count}), made.language)
    place = QRectF(_MARGIN, _FOOT, PAGE_WIDTH, 16)
    width = advance(page, small.font)
    paint_block(painter, block(page, small, x=place.right() - width, width=PAGE_WIDTH), _FOOT)


def main(arguments: list[str]) -> int:
    """``TARGET [LANGUAGE]``; the report's JSON is read from standard input."""
    if not 1 <= len(arguments) <= 2:
        return 1
    try:
        report = parse_report(sys.stdin.buffer.read())
    except ReservesError:
        return 1
    application = QApplication.instance() or QApplication(["reserves"])
    write_pdf(report, Path(arguments[0]), arguments[1] if len(arguments) == 2 else DEFAULT_LANGUAGE)
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
