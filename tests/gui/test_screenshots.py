"""The pictures that ship with the sources: there, small, and of the size the script draws."""

from pathlib import Path

from PySide6.QtGui import QImage

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "screenshots"
MOST_BYTES = 2_000_000
SHIPPED = ("first-start", "balance", "balance-forged", "liabilities")


def test_the_main_states_are_shown_light_and_dark() -> None:
    for name in SHIPPED:
        for theme in ("", "-dark"):
            image = QImage(str(FOLDER / f"{name}{theme}.png"))
            assert (image.width(), image.height()) == (1920, 1200)


def test_all_pictures_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < MOST_BYTES
