"""Pictures of the window's main states, drawn offscreen from the bundled examples.

    python3 packaging/dev.py screenshots                  into assets/screenshots
    python3 packaging/dev.py screenshots -- --to DIR [--only NAME]... [--size 1024x700] [--language de] [--scale 2]
    python3 packaging/dev.py screenshots -- --golden      into tests/gui/golden, what the tests compare the window with

All data shown are the made-up ones of the examples; the data folder is a temporary one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assets" / "screenshots"
MOST_BYTES = 2_000_000
_FONTS = (("Inter", "Noto Sans", "DejaVu Sans"), ("JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono"))


def main() -> int:
    """Draw every state asked for; 1 if a state does not come about or the pictures grow too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--theme", choices=("light", "dark"), action="append", default=[])
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--language", default="en")
    parser.add_argument("--scale", default="1.5")
    parser.add_argument("--fonts", type=Path, help="a folder of font files to draw with")
    parser.add_argument("--golden", action="store_true", help="draw the small pictures that the tests compare with")
    options = parser.parse_args()
    if options.golden:
        return draw_golden()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = options.scale
    os.environ["RESERVES_OFFLINE"] = "1"
    with tempfile.TemporaryDirectory(prefix="reserves-shots-") as home:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
            os.environ[name] = home
        return draw(options, Path(home))


def draw_golden() -> int:
    """The pictures of the tests are drawn by the tests, so that both see the same."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "tests/gui/test_golden.py")
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "RESERVES_WRITE_GOLDEN": "1"}, check=False).returncode


def draw(options: argparse.Namespace, home: Path) -> int:
    """All pictures, in one application."""
    from PySide6.QtWidgets import QApplication

    from reserves_gui.gui.theme import ThemeChoice

    application = QApplication(["reserves"])
    choose_fonts(application, options.fonts)
    width, height = (int(part) for part in options.size.split("x"))
    wanted = options.only or [name for name, state in STATES.items() if state.shipped or options.to != FOLDER]
    options.to.mkdir(parents=True, exist_ok=True)
    stage = Stage(application, home, options.language, width, height)
    for theme in options.theme or ("light", "dark"):
        stage.choose(ThemeChoice(theme))
        for name in wanted:
            stage.clear()
            STATES[name].play(stage)
            stage.settle()
            save(stage.picture(), options.to / f"{name}{'' if theme == 'light' else '-dark'}.png")
            stage.close_dialogs()
    stage.end()
    total = sum(path.stat().st_size for path in options.to.glob("*.png"))
    print(f"{total:,} bytes in {options.to}")
    return 1 if total > MOST_BYTES and options.to == FOLDER else 0


def choose_fonts(application: "object", folder: Path | None) -> None:
    """Draw with the first of our preferred fonts that this machine has."""
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtWidgets import QApplication

    assert isinstance(application, QApplication)
    for path in sorted(folder.rglob("*.[ot]tf")) if folder is not None else ():
        QFontDatabase.addApplicationFont(str(path))
    known = set(QFontDatabase.families())
    plain, fixed = (next((name for name in names if name in known), names[-1]) for names in _FONTS)
    application.setFont(QFont(plain, 10))
    # The window asks for the system's fixed font; where that is asked for, ours stands in.
    QFont.insertSubstitution(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family(), fixed)


class Stage:
    """The program with its window, driven from outside."""

    def __init__(self, application: "object", home: Path, language: str, width: int, height: int) -> None:
        from reserves_gui.gui.app import Program
        from reserves_gui.gui.engine import services
        from reserves_gui.gui.settings import Settings

        self.application = application
        self.home = home
        self.language = language
        Settings(home).language = language
        self.program = Program(application, home, services())
        self.window.resize(width, height)
        self.window.show()

    @property
    def window(self):
        """The main window."""
        return self.program.window

    @property
    def context(self):
        """What the window gives its pages."""
        return self.window.context

    def choose(self, theme) -> None:
        """Another theme."""
        self.program.theme.choose(theme)

    def settle(self, seconds: float = 0.4) -> None:
        """Let jobs end and layouts come to rest."""
        until = time.monotonic() + 60
        while self.program.jobs.running is not None and time.monotonic() < until:
            self.application.processEvents()
            time.sleep(0.01)
        rest = time.monotonic() + seconds
        while time.monotonic() < rest:
            self.application.processEvents()
            time.sleep(0.01)

    def clear(self) -> None:
        """As after a start."""
        self.program.settings.forget_recent()
        self.window.top.show_recent()
        self.window.start_again()

    def example(self, example_id: str) -> None:
        """Open a bundled example."""
        from reserves_gui.services.examples import example

        found = example(example_id, self.language)
        self.program.session.run(found.request(), example=found.title, about=found.text)
        self.settle()

    def picture(self):
        """The window as it looks, with the dialog over it if there is one."""
        from PySide6.QtCore import QPoint
        from PySide6.QtWidgets import QDialog

        image = self.window.grab()
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible():
                from PySide6.QtGui import QPainter

                painter = QPainter(image)
                left = (self.window.width() - dialog.width()) // 2
                top = (self.window.height() - dialog.height()) // 2
                painter.drawPixmap(QPoint(left, top), dialog.grab())
                painter.end()
        return image.toImage()

    def end(self) -> None:
        """Close the window."""
        self.window.close()

    def close_dialogs(self) -> None:
        """Whatever stands over the window."""
        from PySide6.QtWidgets import QDialog

        for dialog in self.window.findChildren(QDialog):
            dialog.close()


@dataclass(frozen=True)
class State:
    """How a state comes about, and whether its picture ships with the sources."""

    play: Callable[[Stage], None]
    shipped: bool = True


def _start(stage: Stage) -> None:
    until = time.monotonic() + 60
    while not stage.window.balance.start.is_filled and time.monotonic() < until:
        stage.settle(0.1)
    stage.settle()


def _verified(stage: Stage) -> None:
    stage.example("verified")


def _forged(stage: Stage) -> None:
    stage.example("forged")


def _own_file(stage: Stage) -> None:
    import shutil

    from reserves_gui.services.examples import example

    folder = stage.home / "downloads"
    folder.mkdir(exist_ok=True)
    shutil.copy(example("verified").files[0], folder / "proof-2026-10.json")
    stage.window.check((str(folder / "proof-2026-10.json"),))


def _tampered(stage: Stage) -> None:
    stage.example("tampered")


def _coins(stage: Stage) -> None:
    stage.example("many-coins")


def _tree(stage: Stage) -> None:
    stage.example("whole-tree")


def _reports(stage: Stage) -> None:
    from reserves_gui.gui.dialogs.save_report import Source, source_of, write
    from reserves_gui.gui.session import Page
    from reserves_gui.gui.settings import RememberedReport
    from reserves_gui.services.examples import example
    from reserves_gui.services.report_view import Disclosure

    folder = stage.home / "saved"
    folder.mkdir(exist_ok=True)
    for name, shown in (("tampered", "tampered"), ("whole-tree", "tree"), ("forged", "forged"), ("verified", "proof")):
        stage.example(name)
        result = stage.program.session.latest
        found = example(name)
        target = folder / f"{shown}.json"
        made = source_of(result, Disclosure.FULL)
        source = Source(made.make, made.request, (*found.files, *found.published))
        write(stage.context, source, target, stage.window)
        stage.settle()
    stage.context.settings.add_report(RememberedReport(str(folder / "gone.html")))
    page = stage.window.reports
    stage.window.go_to(Page.REPORTS)
    page.show_file(str(folder / "proof.json"))
    stage.settle()
    page.details.asked.emit("again")
    stage.settle()


def _receipts(stage: Stage) -> None:
    from reserves_gui.services.examples import example

    stage.example("verified")
    stage.window.commands.compare_receipts(example("forged").files)


def _dialog(name: str) -> State:
    def play(stage: Stage) -> None:
        getattr(stage.window.commands, name)()
        stage.settle(0.8)

    return State(play, shipped=False)


def _form(stage: Stage) -> None:
    from reserves_gui.gui.dialogs.form import FormDialog
    from reserves_gui.services.formats import formats

    info = next(info for info in formats() if info.form and "assets" in {field.kind for field in info.form})
    FormDialog(stage.context, info, stage.window).show_over()


def _paste(stage: Stage) -> None:
    from reserves_gui.gui.dialogs.paste import PasteDialog

    PasteDialog(stage.context, "", stage.window).show_over()


def _crash(stage: Stage) -> None:
    from reserves_gui.gui.dialogs.crash import CrashDialog

    dialog = CrashDialog(stage.context.words, "Reserves 0.1.0\n  page.py:10 show\nValueError: ***")
    dialog.setParent(stage.window, dialog.windowFlags())
    dialog.open()


def _error(stage: Stage) -> None:
    path = stage.home / "shopping list.txt"
    path.write_text("milk, bread\n", encoding="utf-8")
    stage.window.check((str(path),))


def _tabs(at: int) -> State:
    def play(stage: Stage) -> None:
        stage.example("verified")
        stage.window.balance.result.tabs.jumped.emit(at)

    return State(play, shipped=False)


STATES = {
    "settings": _dialog("show_settings"),
    "about": _dialog("show_about"),
    "log": _dialog("show_log"),
    "key": _dialog("show_key"),
    "guides": _dialog("show_guides"),
    "hosts": _dialog("show_hosts"),
    "form": State(_form, shipped=False),
    "paste": State(_paste, shipped=False),
    "crash": State(_crash, shipped=False),
    "unusable": State(_error, shipped=False),
    "root": _tabs(1),
    "checks": _tabs(3),
    "guarantees": _tabs(4),
    "reports": State(_reports, shipped=False),
    "receipts": State(_receipts, shipped=False),
    "first-start": State(_start),
    "balance": State(_verified),
    "balance-forged": State(_forged),
    "balance-own": State(_own_file, shipped=False),
    "balance-tampered": State(_tampered, shipped=False),
    "balance-coins": State(_coins, shipped=False),
    "liabilities": State(_tree),
}


def save(image, path: Path) -> None:
    """A small PNG: its 256 commonest colours (the rest are edges of letters), packed as hard as Qt can."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QImageWriter

    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(bytes(plain.constBits())).cast("I")
    table = [colour for colour, _ in Counter(pixels).most_common(256)]
    packed = plain.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.AvoidDither)
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(100)
    if not writer.write(packed):
        sys.exit(f"{path}: {writer.errorString()}")


if __name__ == "__main__":
    sys.exit(main())
