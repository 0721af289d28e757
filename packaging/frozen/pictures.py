"""Draws the program's icons in the sizes and formats that the three systems want: `python pictures.py OUT`."""

import sys
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "reserves_gui" / "resources" / "app"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
NAMES = {"reserves": "reserves", "case": "application-x-reserves-case"}


def draw(source: Path, size: int) -> QImage:
    """One drawing as a square image."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def main(folder: Path) -> int:
    """Write every icon below ``folder``."""
    application = QGuiApplication([])
    for drawing, name in NAMES.items():
        for size in SIZES:
            target = folder / "icons" / str(size) / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            save(draw(APP / f"{drawing}.svg", size), target)
    save(draw(APP / "reserves.svg", 256), folder / "reserves.ico")
    save(draw(APP / "reserves.svg", 512), folder / "reserves.icns")
    del application
    return 0


def save(image: QImage, target: Path) -> None:
    """A picture that cannot be written ends the run."""
    if not image.save(str(target)):
        sys.exit(f"{target} could not be written")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
